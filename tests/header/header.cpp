/* header.cpp - the public header as strict C++17, and a call through it: the names have C linkage. */
#include "header.h"

#include <cstdio>
#include <cstring>

int main()
{
    bashu_options options = BASHU_OPTIONS_INIT;
    bashu_context *context = nullptr;
    bashu_status status = bashu_open(&context, 1);
    if (status != BASHU_OK) return 1;
    status = bashu_option_set(&options, context, "tolerance", "1e-8");
    int good = status == BASHU_OK && options.tolerance == 1e-8 && std::strcmp(bashu_version(), BASHU_VERSION) == 0
               && std::strcmp(bashu_status_text(BASHU_ERROR_INPUT), "invalid input") == 0;
    bashu_close(context);
    std::puts(good ? "strict C++17" : "wrong");
    return good ? 0 : 1;
}
