/* verify.c - the public functions about published models as cases: argument checks and calls. */
#include "verify/verify.h"

bashu_status bashu_convert(bashu_context *context, const char *case_folder, const char *package_folder, const char *output_folder)
{
    if (!context) return BASHU_ERROR_ARGUMENT;
    if (!case_folder || !output_folder)
        return fail(context, BASHU_ERROR_ARGUMENT, "bashu_convert needs the folder of a case and one for its economy");
    return convert_case(context, case_folder, package_folder, output_folder);
}

bashu_status bashu_verify_new(bashu_verification **out, bashu_context *context)
{
    if (out) *out = NULL;
    if (!context) return BASHU_ERROR_ARGUMENT;
    if (!out) return fail(context, BASHU_ERROR_ARGUMENT, "bashu_verify_new needs a place for the verification");
    return verification_new(out, context);
}

void bashu_verify_free(bashu_verification *verification) { verification_free(verification); }

bashu_status bashu_verify_case(bashu_verification *verification, const char *case_folder, const char *reference_folder,
                               const bashu_options *options)
{
    if (!verification) return BASHU_ERROR_ARGUMENT;
    if (!case_folder) return fail(verification->context, BASHU_ERROR_ARGUMENT, "bashu_verify_case needs the folder of a case");
    return verification_add(verification, case_folder, reference_folder, options);
}

void bashu_verify_count(const bashu_verification *verification, bashu_verify_tally *out)
{
    if (!out) return;
    *out = (bashu_verify_tally){0};
    for (size_t k = 0; verification && k < verification->count; k++) {
        const verified *row = &verification->items[k];
        if (row->absent) out->absent++;
        else if (row->reason <= 0) out->unanswered++;
        else if (row->pass) out->agree++;
        else out->differ++;
    }
}

bashu_status bashu_verify_report(char **out, const bashu_verification *verification, const char *format, bashu_language language)
{
    if (out) *out = NULL;
    if (!verification) return BASHU_ERROR_ARGUMENT;
    if (!out || !format)
        return fail(verification->context, BASHU_ERROR_ARGUMENT, "bashu_verify_report needs a place for the text and a format");
    if (language != BASHU_EN && language != BASHU_ZH)
        return fail(verification->context, BASHU_ERROR_ARGUMENT, "there is no language %d", (int)language);
    return verification_report(out, verification, format, language);
}
