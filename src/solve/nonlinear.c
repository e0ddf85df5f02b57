/* nonlinear.c - nonlinear programs by Ipopt through its C interface (IpStdCInterface.h, version 3).
 *
 * The library is loaded when it is wanted: it draws in MUMPS, BLAS and a Fortran runtime, which would make every other command slower to start. */
#include "solve/nonlinear.h"

#include <dlfcn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef int ipopt_bool;
typedef ipopt_bool eval_f(int n, double *x, ipopt_bool new_x, double *value, void *user);
typedef ipopt_bool eval_grad_f(int n, double *x, ipopt_bool new_x, double *gradient, void *user);
typedef ipopt_bool eval_g(int n, double *x, ipopt_bool new_x, int m, double *g, void *user);
typedef ipopt_bool eval_jac_g(int n, double *x, ipopt_bool new_x, int m, int count, int *row, int *column, double *values, void *user);
typedef ipopt_bool eval_h(int n, double *x, ipopt_bool new_x, double factor, int m, double *lambda, ipopt_bool new_lambda, int count, int *row, int *column, double *values,
                          void *user);
typedef ipopt_bool intermediate(int mode, int iteration, double objective, double inf_pr, double inf_du, double mu, double d_norm, double regularization, double alpha_du,
                                double alpha_pr, int trials, void *user);
typedef void *create_problem(int n, double *low, double *high, int m, double *g_low, double *g_high, int jacobian, int hessian, int index_style, eval_f *f, eval_g *g,
                             eval_grad_f *gradient, eval_jac_g *jac, eval_h *h);
typedef void free_problem(void *problem);
typedef ipopt_bool add_text(void *problem, char *key, char *value);
typedef ipopt_bool add_number(void *problem, char *key, double value);
typedef ipopt_bool add_integer(void *problem, char *key, int value);
typedef ipopt_bool set_callback(void *problem, intermediate *function);
typedef int solve_problem(void *problem, double *x, double *g, double *objective, double *multiplier, double *low, double *high, void *user);

typedef struct ipopt {
    void *handle;
    create_problem *create;
    free_problem *free;
    add_text *text;
    add_number *number;
    add_integer *integer;
    set_callback *callback;
    solve_problem *solve;
} ipopt;

typedef struct running {
    const nonlinear_program *program;
    bashu_context *context;
    int iterations;
} running;

static ipopt_bool call_f(int n, double *x, ipopt_bool new_x, double *value, void *user)
{
    const running *r = user;
    (void)n;
    (void)new_x;
    *value = r->program->objective(r->program->payload, x);
    return isfinite(*value);
}

static ipopt_bool call_gradient(int n, double *x, ipopt_bool new_x, double *gradient, void *user)
{
    const running *r = user;
    (void)n;
    (void)new_x;
    r->program->gradient(r->program->payload, x, gradient);
    return 1;
}

static ipopt_bool call_g(int n, double *x, ipopt_bool new_x, int m, double *g, void *user)
{
    const running *r = user;
    (void)n;
    (void)new_x;
    (void)m;
    r->program->constraints(r->program->payload, x, g);
    return 1;
}

static ipopt_bool call_jacobian(int n, double *x, ipopt_bool new_x, int m, int count, int *row, int *column, double *values, void *user)
{
    const running *r = user;
    (void)n;
    (void)new_x;
    (void)m;
    (void)count;
    if (values) r->program->jacobian_values(r->program->payload, x, values);
    else r->program->jacobian_places(r->program->payload, row, column);
    return 1;
}

static ipopt_bool call_hessian(int n, double *x, ipopt_bool new_x, double factor, int m, double *lambda, ipopt_bool new_lambda, int count, int *row, int *column,
                               double *values, void *user)
{
    const running *r = user;
    (void)n;
    (void)new_x;
    (void)m;
    (void)new_lambda;
    (void)count;
    if (values) r->program->hessian_values(r->program->payload, x, factor, lambda, values);
    else r->program->hessian_places(r->program->payload, row, column);
    return 1;
}

static ipopt_bool after_iteration(int mode, int iteration, double objective, double inf_pr, double inf_du, double mu, double d_norm, double regularization, double alpha_du,
                                  double alpha_pr, int trials, void *user)
{
    running *r = user;
    (void)mode, (void)objective, (void)inf_pr, (void)inf_du, (void)mu, (void)d_norm, (void)regularization, (void)alpha_du, (void)alpha_pr, (void)trials;
    r->iterations = iteration;
    return !is_cancelled(r->context);
}

static bool find_function(void *handle, const char *name, void *out)
{
    void *found = dlsym(handle, name);
    memcpy(out, &found, sizeof found); /* a pointer to data becomes one to a function, as POSIX has it */
    return found != NULL;
}

static bashu_status load(ipopt *l, bashu_context *context)
{
    *l = (ipopt){.handle = dlopen("libipopt.so.1", RTLD_NOW | RTLD_LOCAL)};
    bool complete = l->handle && find_function(l->handle, "CreateIpoptProblem", &l->create) && find_function(l->handle, "FreeIpoptProblem", &l->free) &&
                    find_function(l->handle, "AddIpoptStrOption", &l->text) && find_function(l->handle, "AddIpoptNumOption", &l->number) &&
                    find_function(l->handle, "AddIpoptIntOption", &l->integer) && find_function(l->handle, "SetIntermediateCallback", &l->callback) &&
                    find_function(l->handle, "IpoptSolve", &l->solve);
    if (complete) return BASHU_OK;
    if (l->handle) dlclose(l->handle);
    return fail(context, BASHU_ERROR_UNSUPPORTED, "this needs the library Ipopt 3 (libipopt.so.1), which is not there; on Debian install coinor-libipopt1v5");
}

/* Options are texts that Ipopt may write to: they are not, but its interface does not say so. */
static void say_text(const ipopt *l, void *problem, const char *key, const char *value)
{
    char k[64] = "", v[64] = "";
    strncat(k, key, sizeof k - 1);
    strncat(v, value, sizeof v - 1);
    l->text(problem, k, v);
}

static void say_number(const ipopt *l, void *problem, const char *key, double value)
{
    char k[64] = "";
    strncat(k, key, sizeof k - 1);
    l->number(problem, k, value);
}

bashu_status nonlinear_solve(nonlinear_answer *answer, bashu_context *context, const nonlinear_program *p, double tolerance, int iteration_limit)
{
    ipopt l;
    running r = {p, context, 0};
    char limit[] = "max_iter", level[] = "print_level";
    double *bounds = calloc(2 * (p->n + p->m), sizeof *bounds), *g_low = bounds ? bounds + 2 * p->n : NULL;
    if (!bounds) return fail_memory(context);
    bashu_status status = load(&l, context);
    if (status != BASHU_OK) {
        free(bounds);
        return status;
    }
    for (size_t i = 0; i < p->n; i++) {
        bounds[i] = isinf(p->low[i]) ? -2e19 : p->low[i];
        bounds[p->n + i] = isinf(p->high[i]) ? 2e19 : p->high[i];
    }
    for (size_t i = 0; i < p->m; i++) g_low[i] = i + p->equal < p->m ? -2e19 : 0;
    void *problem = l.create((int)p->n, bounds, bounds + p->n, (int)p->m, g_low, g_low + p->m, (int)p->jacobian, (int)p->hessian, 0, call_f, call_g, call_gradient,
                             call_jacobian, call_hessian);
    int ended = -199;
    if (problem) {
        l.integer(problem, level, 0);
        l.integer(problem, limit, iteration_limit);
        say_text(&l, problem, "sb", "yes"); /* no banner: the library never prints */
        say_number(&l, problem, "tol", tolerance);
        say_number(&l, problem, "bound_relax_factor", 0);
        say_text(&l, problem, "mu_strategy", "adaptive");
        l.callback(problem, after_iteration);
        ended = l.solve(problem, answer->x, NULL, &answer->objective, answer->multiplier, answer->low_multiplier, answer->high_multiplier, &r);
        l.free(problem);
    }
    answer->iterations = r.iterations;
    answer->converged = ended == 0 || ended == 1;
    free(bounds); /* the library stays loaded: its Fortran runtime does not like to leave */
    if (is_cancelled(context)) return fail(context, BASHU_INTERRUPTED, "interrupted");
    return ended == -102 ? fail_memory(context) : BASHU_OK;
}
