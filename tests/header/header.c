/* header.c - the public header as strict C17, and a call through it. header.cpp is the same as C++17. */
#include "header.h"

#include <stdio.h>
#include <string.h>

int main(void)
{
    bashu_options options = BASHU_OPTIONS_INIT;
    bashu_context *context = NULL;
    bashu_status status = bashu_open(&context, 1);
    if (status != BASHU_OK) return 1;
    status = bashu_option_set(&options, context, "tolerance", "1e-8");
    int good = status == BASHU_OK && options.tolerance == 1e-8 && strcmp(bashu_version(), BASHU_VERSION) == 0
               && strcmp(bashu_status_text(BASHU_ERROR_INPUT), "invalid input") == 0;
    bashu_close(context);
    puts(good ? "strict C17" : "wrong");
    return good ? 0 : 1;
}
