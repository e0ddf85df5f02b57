/* test_verify.c - the public functions about cases: wrong arguments, and memory that runs out anywhere. */
#include "core/core.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void wrong_arguments_are_refused(void **state)
{
    bashu_context *context;
    bashu_verification *v = NULL;
    bashu_verify_tally tally = {1, 1, 1, 1};
    char *text = NULL;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    assert_int_equal(bashu_convert(NULL, TINY, NULL, "/tmp"), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_convert(context, NULL, NULL, "/tmp"), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_convert(context, TINY, NULL, NULL), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_convert(context, TINY, NULL, "/nowhere/at/all"), BASHU_ERROR_IO);
    assert_int_equal(bashu_verify_new(NULL, context), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_verify_new(&v, NULL), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_verify_case(NULL, TINY, NULL, NULL), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_verify_new(&v, context), BASHU_OK);
    assert_int_equal(bashu_verify_case(v, NULL, NULL, NULL), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_verify_case(v, "/nowhere/at/all", NULL, NULL), BASHU_ERROR_IO);
    assert_int_equal(bashu_verify_report(&text, v, "poem", BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_verify_report(NULL, v, "text", BASHU_EN), BASHU_ERROR_ARGUMENT);
    assert_int_equal(bashu_verify_report(&text, NULL, "text", BASHU_EN), BASHU_ERROR_ARGUMENT);
    bashu_verify_count(NULL, &tally);
    assert_int_equal(tally.agree + tally.differ + tally.absent + tally.unanswered, 0);
    bashu_verify_free(v);
    bashu_verify_free(NULL);
    bashu_close(context);
}

/* A case that failed is not half there; the next one is whole. */
static void an_error_adds_nothing(void **state)
{
    bashu_context *context;
    bashu_verification *v;
    bashu_verify_tally tally;
    bashu_options bad = BASHU_OPTIONS_INIT, good = BASHU_OPTIONS_INIT;
    (void)state;
    bad.tolerance = -1;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    assert_int_equal(bashu_verify_new(&v, context), BASHU_OK);
    assert_int_equal(bashu_verify_case(v, TINY, NULL, &bad), BASHU_ERROR_ARGUMENT);
    bashu_verify_count(v, &tally);
    assert_int_equal(tally.agree + tally.differ, 0);
    assert_int_equal(bashu_verify_case(v, TINY, NULL, &good), BASHU_OK);
    assert_int_equal(bashu_verify_case(v, TINY, NULL, NULL), BASHU_OK);
    bashu_verify_count(v, &tally);
    assert_int_equal(tally.agree, 4);
    bashu_verify_free(v);
    bashu_close(context);
}

static void work_can_be_cancelled(void **state)
{
    bashu_context *context;
    bashu_verification *v;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    assert_int_equal(bashu_verify_new(&v, context), BASHU_OK);
    bashu_cancel(context);
    assert_int_equal(bashu_verify_case(v, TINY, NULL, NULL), BASHU_INTERRUPTED);
    bashu_resume(context);
    assert_int_equal(bashu_verify_case(v, TINY, NULL, NULL), BASHU_OK);
    bashu_verify_free(v);
    bashu_close(context);
}

static void without_memory(const char *folder, size_t quantities)
{
    bashu_context *context;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    bashu_status status = BASHU_ERROR_MEMORY;
    long failing = 1;
    for (; status != BASHU_OK; failing += failing < 300 ? 1 : 17) { /* every allocation at first, then some of the solver's */
        bashu_verification *v;
        bashu_verify_tally tally;
        assert_int_equal(bashu_verify_new(&v, context), BASHU_OK);
        context_fail_allocation(context, failing);
        status = bashu_verify_case(v, folder, NULL, NULL);
        context_fail_allocation(context, 0);
        assert_true(status == BASHU_OK || status == BASHU_ERROR_MEMORY);
        bashu_verify_count(v, &tally);
        assert_int_equal(tally.agree, status == BASHU_OK ? quantities : 0);
        bashu_verify_free(v);
    }
    assert_true(failing > 100);
    bashu_close(context);
}

static void no_memory_is_an_error_like_others(void **state)
{
    (void)state;
    without_memory(TINY, 2);
    without_memory(QUESTIONS, 9);
    without_memory(YEARS, 11);
}

static void reports_without_memory(void **state)
{
    static const char *const formats[] = {"text", "rows", "json", "markdown"};
    bashu_context *context;
    bashu_verification *v;
    (void)state;
    assert_int_equal(bashu_open(&context, 1), BASHU_OK);
    assert_int_equal(bashu_verify_new(&v, context), BASHU_OK);
    assert_int_equal(bashu_verify_case(v, TINY, NULL, NULL), BASHU_OK);
    for (size_t k = 0; k < sizeof formats / sizeof formats[0]; k++)
        for (long failing = 1; failing < 200; failing++) {
            char *text = NULL;
            context_fail_allocation(context, failing);
            bashu_status status = bashu_verify_report(&text, v, formats[k], BASHU_ZH);
            context_fail_allocation(context, 0);
            assert_true(status == BASHU_OK || status == BASHU_ERROR_MEMORY);
            assert_true((text != NULL) == (status == BASHU_OK));
            bashu_text_free(text);
        }
    bashu_verify_free(v);
    bashu_close(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_arguments_are_refused), cmocka_unit_test(an_error_adds_nothing),
        cmocka_unit_test(work_can_be_cancelled),       cmocka_unit_test(no_memory_is_an_error_like_others),
        cmocka_unit_test(reports_without_memory),
    };
    return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
