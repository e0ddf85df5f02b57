/* elimination.c - values of an elimination and solving with them; equations in elimination.h and elimination_fronts.h. */
#include "linalg/elimination_parts.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PANEL = 32, WIDE = 32, FOUR = 4 };

/* Of `count` in groups of FOUR: how many stand together from k on. */
static inline size_t together(size_t count, size_t k)
{
    return count - k < FOUR ? count - k : FOUR;
}

#define UNIT eight
#define STEP 8
#define BUILT FOR_EACH_WIDTH
#define IN(name) routes_##name
#define PLUS(a, b) ((a) + (b))
#define GATHER_1(s, by, x) ((s) += (by) * *(const UNIT *)(x))
#define TIMES(a, b) ((a) * (b))
#define STAR(a) (1 / (1 - (a)))
#define ZERO 0.0
#include "linalg/elimination_fronts.h"
#undef PLUS
#undef GATHER_1
#undef TIMES
#undef STAR
#undef ZERO
#undef IN
#undef BUILT

#define PLUS(a, b) ((a) < (b) ? (a) : (b))
#define TIMES(a, b) ((a) + (b))
#define STAR(a) ((a) < 0 ? (a) : 0.0) /* a way that shortens itself has no end */
#define ZERO ((double)INFINITY)

/* Times are at least 0, and such numbers compare like the whole numbers of the same bits, of which gcc finds the vector minimum. */
#define TAKE_LEAST(name, vector, bits, width)                                               \
    typedef long long bits __attribute__((vector_size(8 * width), aligned(8), may_alias)); \
    IN_EACH_WIDTH void name(vector *s, double by, const double *x)                         \
    {                                                                                       \
        const bits sum = (bits)(by + *(const vector *)x);                                  \
        bits least = (bits)*s;                                                             \
        for (size_t l = 0; l < width; l++) least[l] = sum[l] < least[l] ? sum[l] : least[l]; \
        *s = (vector)least;                                                                 \
    }

#ifdef FOR_WIDEST
TAKE_LEAST(take_least_8, eight, eight_bits, 8)
#define BUILT FOR_WIDEST
#define IN(name) times_widest_##name
#define GATHER_1(s, by, x) take_least_8(&(s), by, x)
#include "linalg/elimination_fronts.h"
#undef GATHER_1
#undef IN
#undef BUILT
#endif

/* Where vectors are shorter, gcc would take eight apart into single numbers. */
typedef double four __attribute__((vector_size(32), aligned(8), may_alias));
TAKE_LEAST(take_least_4, four, four_bits, 4)
#undef UNIT
#undef STEP
#define UNIT four
#define STEP 4
#define BUILT FOR_EACH_WIDTH
#define IN(name) times_##name
#define GATHER_1(s, by, x) take_least_4(&(s), by, x)
#include "linalg/elimination_fronts.h"

/* The functions of a semiring on this machine. */
typedef struct arithmetic {
    size_t (*front)(const elimination_plan *p, size_t f, const double *value, double *kept, double *a, double **updates, double *update,
                    int *local, int threads);
    void (*sweep)(const elimination_plan *p, const double *kept, bool transposed, unsigned char *reached, const unsigned char *wanted,
                  double *x, double *near);
    double nothing, here; /* zero and one */
} arithmetic;

static arithmetic arithmetic_of(eliminate_what what)
{
    if (what == ELIMINATE_ROUTES) return (arithmetic){routes_front, routes_sweep, 0, 1};
#ifdef FOR_WIDEST
    if (MACHINE_IS_WIDEST) return (arithmetic){times_widest_front, times_widest_sweep, (double)INFINITY, 0};
#endif
    return (arithmetic){times_front, times_sweep, (double)INFINITY, 0};
}

struct elimination {
    const elimination_plan *plan;
    arithmetic with;
    double *kept; /* per front: pivots x pivots, then what is left of it below and right of it */
};

bashu_status elimination_new(elimination **out, arena *memory, const elimination_plan *plan, eliminate_what what)
{
    elimination *e = arena_alloc(memory, 1, sizeof *e);
    *out = NULL;
    if (!e) return fail_memory(plan->context);
    e->plan = plan;
    e->with = arithmetic_of(what);
    e->kept = arena_alloc(memory, elimination_entries(plan) + 1, sizeof *e->kept);
    if (!e->kept) return fail_memory(plan->context);
    *out = e;
    return BASHU_OK;
}

/* Fronts from first to last, updates stacked in `room`. A place whose pivot fails, or -1; -2: no memory. */
typedef struct front_work {
    double *front, *room;
    int *local;
    size_t used;
} front_work;

static long make_front(const elimination *e, size_t f, const double *value, double **updates, front_work *w, const unsigned char *is_top,
                       int threads)
{
    const elimination_plan *p = e->plan;
    size_t rows = front_rows(p, f), pivots = front_pivots(p, f);
    /* the front is worked out beside the updates it takes in, which may then be written over */
    for (int c = p->child[f]; c >= 0; c = p->sibling[c])
        if (is_top[c] == is_top[f]) w->used -= front_rows(p, (size_t)c) * front_rows(p, (size_t)c);
    double *update = w->room + w->used, *kept = e->kept + p->value_at[f];
    w->used += rows * rows;
    size_t reached = e->with.front(p, f, value, kept, w->front, updates, update, w->local, threads);
    return reached < pivots ? (long)((size_t)p->first[f] + reached) : -1;
}

static bool front_work_new(front_work *w, const elimination_plan *p, size_t widest, size_t room)
{
    w->front = malloc((widest * widest + 1) * sizeof *w->front);
    w->local = malloc((p->size + p->widest + 1) * sizeof *w->local);
    w->room = malloc((room + 1) * sizeof *w->room);
    w->used = 0;
    return w->front && w->local && w->room;
}

static size_t widest_front(const elimination_plan *p, int first, int last)
{
    size_t widest = 0;
    for (int f = first; f <= last; f++) {
        size_t m = front_pivots(p, (size_t)f) + front_rows(p, (size_t)f);
        widest = m > widest ? m : widest;
    }
    return widest;
}

static long make_task(const elimination *e, size_t task, const double *value, double **updates, double **room, const unsigned char *is_top)
{
    const elimination_plan *p = e->plan;
    front_work w;
    long failed = -1;
    if (!front_work_new(&w, p, widest_front(p, p->task_first[task], p->task_last[task]), p->task_room[task])) failed = -2;
    for (int f = p->task_first[task]; failed == -1 && f <= p->task_last[task]; f++)
        failed = make_front(e, (size_t)f, value, updates, &w, is_top, 1);
    free(w.front);
    free(w.local);
    *room = w.room; /* the last update waits there for the front above */
    return failed;
}

static long make_all(elimination *e, const double *value, int threads, double **updates, double **rooms, unsigned char *is_top)
{
    const elimination_plan *p = e->plan;
    long failed = -1, *of_task = malloc((p->tasks + 1) * sizeof *of_task);
    front_work w;
    if (!of_task) return -2;
    memset(is_top, 1, p->fronts);
    for (size_t t = 0; t < p->tasks; t++) memset(is_top + p->task_first[t], 0, (size_t)(p->task_last[t] - p->task_first[t] + 1));
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t t = 0; t < p->tasks; t++) of_task[t] = make_task(e, t, value, updates, &rooms[t], is_top);
    for (size_t t = 0; t < p->tasks; t++) /* the first place that failed, whoever came there first */
        if (of_task[t] == -2 || (of_task[t] >= 0 && failed != -2 && (failed < 0 || of_task[t] < failed))) failed = of_task[t];
    free(of_task);
    if (!front_work_new(&w, p, p->widest, p->top_room) && failed == -1) failed = -2;
    for (size_t f = 0; failed == -1 && f < p->fronts; f++)
        if (is_top[f]) failed = make_front(e, f, value, updates, &w, is_top, threads);
    free(w.front);
    free(w.local);
    free(w.room);
    return failed;
}

bashu_status elimination_make(elimination *e, const double *value, int threads, long *failed)
{
    const elimination_plan *p = e->plan;
    double **updates = calloc(p->fronts, sizeof *updates), **rooms = calloc(p->tasks + 1, sizeof *rooms);
    unsigned char *is_top = malloc(p->fronts);
    long place = updates && rooms && is_top ? make_all(e, value, threads, updates, rooms, is_top) : -2;
    for (size_t t = 0; rooms && t < p->tasks; t++) free(rooms[t]);
    free(updates);
    free(rooms);
    free(is_top);
    if (failed) *failed = place >= 0 ? p->order[place] : -1;
    return place == -2 ? fail_memory(p->context) : BASHU_OK;
}

/* ---- solving ------------------------------------------------------------------------------------- */

typedef struct solve_work {
    double *x;    /* [size][WIDE] */
    double *near; /* [widest][WIDE] of the rows of a front */
    unsigned char *reached;
} solve_work;

static bool solve_work_new(solve_work *w, const elimination_plan *p)
{
    w->x = malloc(p->size * WIDE * sizeof *w->x);
    w->near = malloc(p->widest * WIDE * sizeof *w->near);
    w->reached = malloc(p->fronts);
    return w->x && w->near && w->reached;
}

static void solve_work_free(solve_work *w)
{
    free(w->x);
    free(w->near);
    free(w->reached);
}

bashu_status elimination_solve(const elimination *e, bool transposed, int threads, double *x, size_t count)
{
    const elimination_plan *p = e->plan;
    size_t n = p->size, batches = (count + WIDE - 1) / WIDE;
    double nothing = e->with.nothing;
    int out_of_memory = 0;
    unsigned char *all = malloc(p->fronts);
    if (!all) return fail_memory(p->context);
    memset(all, 1, p->fronts);
    threads = batches < (size_t)threads ? (int)batches : threads;
#pragma omp parallel num_threads(threads > 1 ? threads : 1) reduction(| : out_of_memory)
    {
        solve_work w;
        out_of_memory |= !solve_work_new(&w, p);
#pragma omp for schedule(dynamic)
        for (size_t b = 0; b < batches; b++) {
            if (out_of_memory) continue;
            size_t many = count - b * WIDE < WIDE ? count - b * WIDE : WIDE;
            double *right = x + b * WIDE * n;
            memset(w.reached, 1, p->fronts);
            for (size_t k = 0; k < n; k++)
                for (size_t l = 0; l < WIDE; l++) w.x[k * WIDE + l] = l < many ? right[l * n + (size_t)p->order[k]] : nothing;
            e->with.sweep(p, e->kept, transposed, w.reached, all, w.x, w.near);
            for (size_t i = 0; i < n; i++)
                for (size_t l = 0; l < many; l++) right[l * n + i] = w.x[(size_t)p->place[i] * WIDE + l];
        }
        solve_work_free(&w);
    }
    free(all);
    return out_of_memory ? fail_memory(p->context) : BASHU_OK;
}

/* Where a node is eliminated says which others are near it, so that neighbours in this order share their way up. */
typedef struct placed {
    int place;
    size_t which;
} placed;

static int compare_placed(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return (x->which > y->which) - (x->which < y->which);
}

static size_t front_at(const elimination_plan *p, int place)
{
    size_t low = 0, high = p->fronts;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (p->first[middle] <= place) low = middle;
        else high = middle;
    }
    return low;
}

/* The fronts that have a node asked for, or have one below; NULL: no memory. */
static unsigned char *fronts_wanted(const elimination_plan *p, const int *to, size_t to_count)
{
    unsigned char *wanted = calloc(p->fronts, 1);
    if (!wanted) return NULL;
    for (size_t k = 0; k < to_count; k++) wanted[front_at(p, p->place[to ? (size_t)to[k] : k])] = 1;
    for (size_t f = 0; f < p->fronts; f++)
        if (wanted[f] && p->parent[f] >= 0) wanted[p->parent[f]] = 1;
    return wanted;
}

bashu_status elimination_rows(const elimination *e, int threads, const int *from, size_t count, const int *to, size_t to_count, double *out)
{
    const elimination_plan *p = e->plan;
    size_t n = p->size, batches = (count + WIDE - 1) / WIDE, targets = to ? to_count : n;
    int out_of_memory = 0;
    placed *source = malloc((count + 1) * sizeof *source);
    unsigned char *wanted = fronts_wanted(p, to, targets);
    if (!source || !wanted) {
        free(source);
        free(wanted);
        return fail_memory(p->context);
    }
    for (size_t k = 0; k < count; k++) source[k] = (placed){p->place[from[k]], k};
    qsort(source, count, sizeof *source, compare_placed);
#pragma omp parallel num_threads(threads) reduction(| : out_of_memory)
    {
        solve_work w;
        out_of_memory |= !solve_work_new(&w, p);
        for (size_t i = 0; !out_of_memory && i < n * WIDE; i++) w.x[i] = e->with.nothing;
#pragma omp for schedule(dynamic)
        for (size_t b = 0; b < batches; b++) {
            if (out_of_memory) continue;
            const placed *s = source + b * WIDE;
            size_t many = count - b * WIDE < WIDE ? count - b * WIDE : WIDE;
            memset(w.reached, 0, p->fronts);
            for (size_t l = 0; l < many; l++) {
                w.x[(size_t)s[l].place * WIDE + l] = e->with.here;
                w.reached[front_at(p, s[l].place)] = 1;
            }
            e->with.sweep(p, e->kept, true, w.reached, wanted, w.x, w.near);
            for (size_t k = 0; k < targets; k++) {
                const double *found = w.x + (size_t)p->place[to ? (size_t)to[k] : k] * WIDE;
                for (size_t l = 0; l < many; l++) out[s[l].which * targets + k] = found[l];
            }
            for (size_t f = 0; f < p->fronts; f++)
                for (size_t i = (size_t)p->first[f] * WIDE; (w.reached[f] || wanted[f]) && i < (size_t)p->first[f + 1] * WIDE; i++)
                    w.x[i] = e->with.nothing;
        }
        solve_work_free(&w);
    }
    free(source);
    free(wanted);
    return out_of_memory ? fail_memory(p->context) : BASHU_OK;
}
