/* start.c - whole processes: the program itself, from its start to its end. */
#include "parts.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
enum { ENVIRONMENT_MOST = 1000 };

/* What people have: without the setting that this very process was given when it started itself again (cli/main.c). */
static void plain_environment(char **out)
{
    size_t count = 0;
    for (char **at = environ; *at && count + 1 < ENVIRONMENT_MOST; at++)
        if (strncmp(*at, "OMP_WAIT_POLICY=", 16) != 0) out[count++] = *at;
    out[count] = NULL;
}

/* Milliseconds of one run of this program, its output thrown away; negative: it could not be run or did not end well. */
static double run_ms(char *const *words)
{
    posix_spawn_file_actions_t actions;
    char *environment[ENVIRONMENT_MOST];
    plain_environment(environment);
    pid_t child;
    int status = -1;
    if (posix_spawn_file_actions_init(&actions) != 0) return -1;
    bool ready = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0;
    double start = now_s();
    bool started = ready && posix_spawn(&child, "/proc/self/exe", &actions, NULL, words, environment) == 0;
    if (started && waitpid(child, &status, 0) != child) status = -1;
    double took = 1000 * (now_s() - start);
    posix_spawn_file_actions_destroy(&actions);
    return started && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? took : -1;
}

static void run_many(bench *b, char *const *words, bench_value *value)
{
    enum { PROCESSES = 4 }; /* for each repeat: starts are short and uneven */
    series s = {0};
    for (int k = 0; k <= PROCESSES * b->repeats; k++) { /* the first finds its files on disk */
        double took = run_ms(words);
        if (took < 0) {
            not_measured(value, "%s %s: this program could not be run again", words[0], words[1]);
            return;
        }
        if (k) series_add(&s, took);
    }
    *value = series_value(&s);
}

void bench_version(bench *b, size_t N, size_t J, bench_value *values)
{
    char name[] = "bashu", flag[] = "--version", *const words[] = {name, flag, NULL};
    (void)N;
    (void)J;
    run_many(b, words, values);
}

void bench_start(bench *b, size_t N, size_t J, bench_value *values)
{
    char name[] = "bashu", verb[] = "run", quiet[] = "-q", path[512], *const words[] = {name, verb, path, quiet, NULL};
    (void)N;
    (void)J;
    snprintf(path, sizeof path, "%s/examples/lantern_railway.yaml", b->folder);
    if (access(path, R_OK) == 0) run_many(b, words, values);
    else not_measured(values, "no %s here", path);
}
