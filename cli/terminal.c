/* terminal.c - what goes to the screen: data, complaints, progress; and Ctrl-C. */
#include "cli.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const char *say(const request *r, const char *english, const char *chinese)
{
    return r->language == BASHU_ZH ? chinese : english;
}

/* Colour and bold only for people who did not decline (no-color.org). */
static bool coloured(int file)
{
    const char *declined = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(file) && !(declined && *declined) && terminal && strcmp(terminal, "dumb") != 0;
}

void complain(const char *format, ...)
{
    clear_progress();
    bool colour = coloured(STDERR_FILENO);
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "bashu: %serror:%s ", colour ? "\033[1;31m" : "", colour ? "\033[0m" : "");
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

/* In every report a line that does not begin with a space is a heading. */
static void put_lines(const char *lines)
{
    while (*lines) {
        size_t length = strcspn(lines, "\n"), end = length + (lines[length] == '\n');
        bool heading = length && lines[0] != ' ';
        if (heading) fputs("\033[1m", stdout);
        fwrite(lines, 1, length, stdout);
        if (heading) fputs("\033[0m", stdout);
        fwrite(lines + length, 1, end - length, stdout);
        lines += end;
    }
}

int put_out(const char *content, bool page)
{
    clear_progress();
    errno = 0;
    if (page && coloured(STDOUT_FILENO)) put_lines(content);
    else fwrite(content, 1, strlen(content), stdout);
    if (fflush(stdout) == 0 && !ferror(stdout)) return EXIT_OK;
    complain("standard output: %s", errno ? strerror(errno) : "write failed");
    return EXIT_IO;
}

double clock_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- Ctrl-C ---------------------------------------------------------------------------------------- */

/* A signal handler has nothing but what is global. */
static bashu_context *volatile working;
static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
    if (working) bashu_cancel(working);
}

void watch_interrupts(bashu_context *context)
{
    struct sigaction action = {0};
    working = context;
    if (!context) return;
    action.sa_handler = on_interrupt;
    action.sa_flags = (int)SA_RESETHAND;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
}

bool was_interrupted(void) { return interrupted != 0; }

/* ---- progress -------------------------------------------------------------------------------------- */

static double started; /* 0: nobody watches */
static bool shown;

static void on_progress(double fraction, const char *stage, void *payload)
{
    (void)payload;
    double elapsed = clock_s() - started;
    if (elapsed < 1) return;
    if (fraction >= 0) fprintf(stderr, "\r%-60.60s %3.0f %%  %4.0f s ", stage, 100 * fraction, elapsed);
    else fprintf(stderr, "\r%-60.60s        %4.0f s ", stage, elapsed);
    fflush(stderr);
    shown = true;
}

void watch_progress(bashu_context *context, bool quiet)
{
    started = clock_s();
    if (!quiet && isatty(STDERR_FILENO)) bashu_set_progress(context, on_progress, NULL);
}

void clear_progress(void)
{
    if (!shown) return;
    fprintf(stderr, "\r%78s\r", "");
    fflush(stderr);
    shown = false;
}
