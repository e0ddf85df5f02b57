/* help.c - help drawn from the tables of commands, flags and options. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

static void add_flags(text *t, const request *r, const command *c)
{
    for (size_t k = 0; k < flag_count; k++) {
        const flag_row *row = &flag_rows[k];
        char left[64];
        if (c && row->taken_by != TAKES_ANY && !(c->flags & row->taken_by)) continue;
        if (!c && row->taken_by != TAKES_ANY) continue;
        snprintf(left, sizeof left, "%s%c%s--%s%s%s", row->letter ? "-" : "", row->letter ? row->letter : ' ',
                 row->letter ? ", " : "   ", row->name, row->value ? " " : "", row->value ? row->value : "");
        add(t, "  %-26s %s\n", left, say(r, row->help_en, row->help_zh));
    }
    for (size_t k = 0; c && (c->flags & TAKES_OPTIONS) && k < bashu_option_count(); k++) {
        const bashu_option_row *row = bashu_option_at(k);
        char left[64];
        snprintf(left, sizeof left, "    --%s X", row->name);
        for (char *at = left; *at; at++)
            if (*at == '_') *at = '-';
        add(t, "  %-26s %s (", left, say(r, row->help_en, row->help_zh));
        if (!row->words) add(t, "%g", row->value);
        for (size_t w = 0; row->words && row->words[w]; w++) add(t, "%s%s", w ? " | " : "", row->words[w]);
        add(t, ")\n");
    }
}

static void add_exit_codes(text *t, const request *r)
{
    add(t, "\n%s\n", say(r, "Exit codes", "退出代码"));
    add(t, "  %s\n",
        say(r,
            "0 ok, 1 internal error, 2 usage, 3 invalid input, 4 did not converge, 5 uniqueness not shown (--strict),",
            "0 正常，1 内部错误，2 用法错误，3 输入无效，4 未收敛，5 未能判定唯一（--strict），"));
    add(t, "  %s\n",
        say(r, "6 input or output failed, 7 not built in, 8 differs from what was published (verify) or misses a goal met before (bench --compare),",
            "6 读写失败，7 未编入该功能，8 与发表结果不一致（verify）或未达到此前已达到的目标（bench --compare），"));
    add(t, "  %s\n", say(r, "130 interrupted", "130 被中断"));
}

static void add_command(text *t, const request *r, const command *c)
{
    add(t, "bashu %s %s\n  %s\n\n%s\n", c->name, c->arguments, say(r, c->help_en, c->help_zh), say(r, "Flags", "选项"));
    add_flags(t, r, c);
    add(t, "\n%s\n", say(r, "Examples", "示例"));
    for (size_t k = 0; k < 2; k++) add(t, "  %s\n", c->examples[k]);
    add_exit_codes(t, r);
}

static void add_all(text *t, const request *r)
{
    add(t, "bashu %s - %s\n\n%s\n", bashu_version(),
        say(r, "what happens to every place when regions integrate", "区域一体化对每个地区意味着什么"),
        say(r, "Commands", "命令"));
    for (size_t k = 0; k < command_count; k++) {
        char left[64];
        snprintf(left, sizeof left, "%s %s", commands[k].name, commands[k].arguments);
        add(t, "  %-30s %s\n", left, say(r, commands[k].help_en, commands[k].help_zh));
    }
    add(t, "\n%s\n",
        say(r, "Flags of every command (others: bashu help COMMAND)", "通用选项（其余见 bashu help 命令）"));
    add_flags(t, r, NULL);
    add(t, "\n%s\n", say(r, "Examples", "示例"));
    for (size_t k = 0; k < 2; k++) add(t, "  %s\n", commands[k].examples[0]);
    add_exit_codes(t, r);
}

int show_help(const request *r, const command *about)
{
    text t = {0};
    if (about) add_command(&t, r, about);
    else add_all(&t, r);
    return put_text(&t, true);
}

int run_help(const request *r)
{
    const command *about = r->argument_count ? find_command(r->arguments[0]) : NULL;
    if (!r->argument_count || about) return show_help(r, about);
    complain("%s '%s'", say(r, "no command", "没有命令"), r->arguments[0]);
    return EXIT_USAGE;
}

int run_version(const request *r)
{
    text t = {0};
    if (r->json) add(&t, "{\"version\": \"%s\"}\n", bashu_version());
    else add(&t, "bashu %s\n", bashu_version());
    return put_text(&t, false);
}
