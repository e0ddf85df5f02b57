/* memory.c - the most memory that solving takes, in a process of its own.
 *
 * The child makes the economy, frees what it was made from, resets the peak, makes a solver and solves; what it says is the
 * peak of the whole process, trade shares included. It is forked before the parent starts threads, because a child has none
 * of its parent's. */
#include "parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MEASURES = 2 };

double process_bytes(const char *key)
{
    char line[256];
    double kb = (double)NAN;
    FILE *file = fopen("/proc/self/status", "r");
    if (!file) return kb;
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, key, strlen(key))) kb = strtod(line + strlen(key) + 1, NULL);
    fclose(file);
    return kb * 1024;
}

bool reset_peak(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (!file) return false;
    bool written = fputs("5", file) >= 0;
    return fclose(file) == 0 && written;
}

typedef struct answer {
    double ratio[MEASURES];
    char why[160];
} answer;

/* Every trade cost between different places a little lower. */
static bool change_costs(shock *k, arena *memory, const bashu_economy *e)
{
    size_t N = e->about.N, J = e->about.J;
    k->trade_cost_hat = arena_alloc(memory, N * J * N, sizeof *k->trade_cost_hat);
    for (size_t i = 0; k->trade_cost_hat && i < N * J * N; i++) k->trade_cost_hat[i] = i / (J * N) == i % N ? 1 : 0.98;
    return k->trade_cost_hat != NULL;
}

static void measure_here(void *payload, bench *b, size_t N, size_t J)
{
    answer *out = payload;
    synthetic from = one_sector(N, 0.8);
    double shares = 8.0 * (double)N * (double)N;
    bench_value value = {.value = 0};
    const bashu_economy *economy = economy_of(b, &from, &value);
    solving s = {0};
    (void)J;
    if (!economy) {
        snprintf(out->why, sizeof out->why, "%.150s", value.note);
        return;
    }
    for (int k = 0; k < MEASURES; k++) {
        if (!reset_peak() || !isfinite(process_bytes("VmHWM:"))) {
            snprintf(out->why, sizeof out->why, "this system does not say what a process used at most");
            return;
        }
        bool ready = solving_open(&s, economy, from.shock_sigma, 1, &value);
        if (ready && k == 1) ready = change_costs(&s.shock, s.memory, economy);
        if (ready && solve_again(&s)) out->ratio[k] = process_bytes("VmHWM:") / shares;
        else snprintf(out->why, sizeof out->why, "no equilibrium");
        solving_close(&s);
    }
}

bool measure_in_child(bench *b, size_t N, size_t J, child_function *function, void *said, size_t size)
{
    int ends[2];
    if (pipe(ends) != 0) return false;
    pid_t child = fork();
    if (child == 0) {
        function(said, b, N, J);
        bool sent = write(ends[1], said, size) == (ssize_t)size;
        _exit(!sent);
    }
    close(ends[1]);
    bool received = child > 0 && read(ends[0], said, size) == (ssize_t)size;
    close(ends[0]);
    if (child > 0) waitpid(child, NULL, 0);
    return received;
}

void bench_memory(bench *b, size_t N, size_t J, bench_value *values)
{
    answer a = {{(double)NAN, (double)NAN}, ""};
    bool received = measure_in_child(b, N, J, measure_here, &a, sizeof a);
    for (int k = 0; k < MEASURES; k++) {
        if (received && isfinite(a.ratio[k])) values[k] = counted(a.ratio[k]);
        else not_measured(&values[k], "%s", received && *a.why ? a.why : "the process that was to measure it ended early");
    }
}
