/* observed.c - accounts from observed bilateral flows.
 *
 *   X_n^j = sum_i f_ni^j,  pi_ni^j = f_ni^j / X_n^j,  Y_i^j = sum_n f_ni^j / (1 + tau_ni^j)
 *   F_n^j = X_n^j - sum_k gamma_n^{jk} Y_n^k                final use is what is left, and must not be negative
 *
 * With `baseline: settled` the sum of F_n^j over j is final use, and its shares are those of final_demand, or, without that
 * table, F_n^j where it is positive (Caliendo & Parro 2015). */
#include "calibrate/calibrate.h"

#include <math.h>

static void add_flows(calibration *c)
{
    const bashu_data *d = c->data;
    size_t N = d->about.N, J = d->about.J;
    for (size_t nj = 0; nj < N * J; nj++) {
        double sum = 0;
        for (size_t i = 0; i < N; i++) sum += d->trade_value[nj * N + i];
        c->expenditure[nj] = sum;
        for (size_t i = 0; i < N; i++) {
            double value = d->trade_value[nj * N + i], net = value / (1 + (d->tariff ? d->tariff[nj * N + i] : 0));
            c->output[at2(i, nj % J, J)] += net;
            /* where nothing is bought, the own price is the price */
            c->trade_share[nj * N + i] = sum > 0 ? value / sum : (double)(i == nj / J);
        }
    }
}

/* Final use of region n by sector, with the total that flows leave; *cut: the sum of what was negative. */
static bashu_status settled_demand(const calibration *c, size_t n, double *final, double *cut)
{
    const description *about = &c->data->about;
    size_t J = about->J;
    double total = 0, positive = 0;
    for (size_t k = 0; k < J; k++) {
        total += final[k];
        positive += fmax(final[k], 0);
        if (!c->data->final_share && final[k] < 0) *cut -= final[k];
    }
    if (!(total > 0))
        return fail(c->context, BASHU_ERROR_INPUT, "%s: accounts leave region '%s' no final use (%.6g); raise its purchases in trade.csv or "
                    "lower the coefficients in input_output.csv", about->folder, about->regions[n].label.id, total);
    for (size_t k = 0; k < J; k++)
        final[k] = c->data->final_share ? total * c->data->final_share[about->regions[n].area_index * J + k]
                                        : fmax(final[k], 0) * (total / positive);
    return BASHU_OK;
}

bashu_status use_observed_trade(calibration *c)
{
    const bashu_data *d = c->data;
    const description *about = &d->about;
    size_t N = about->N, J = about->J;
    add_flows(c);
    double observed = 0, implied = 0, cut = 0;
    for (size_t n = 0; n < N; n++) {
        const double *input = d->input_share + about->regions[n].area_index * J * J;
        double *final = c->final + n * J;
        for (size_t k = 0; k < J; k++) final[k] = c->expenditure[at2(n, k, J)];
        for (size_t j = 0; j < J; j++) {
            double share = 1, output = c->output[at2(n, j, J)];
            for (size_t k = 0; k < J; k++) {
                share -= input[j * J + k];
                final[k] -= input[j * J + k] * output;
            }
            c->value_added_share[at2(n, j, J)] = share;
            implied += share * output;
            observed += d->value_added[at2(n, j, J)];
        }
        if (about->switches.baseline == BASELINE_SETTLED) {
            TRY(settled_demand(c, n, final, &cut));
            continue;
        }
        for (size_t k = 0; k < J; k++) {
            if (final[k] >= -1e-9 * c->expenditure[at2(n, k, J)]) {
                final[k] = fmax(final[k], 0);
                continue;
            }
            return fail(c->context, BASHU_ERROR_INPUT,
                        "%s: accounts do not balance: region '%s' buys %.6g of sector '%s' but its own production uses %.6g more; "
                        "raise its purchases in trade.csv, lower the coefficients in input_output.csv, or set baseline: settled",
                        about->folder, about->regions[n].label.id, c->expenditure[at2(n, k, J)], about->sectors[k].label.id, -final[k]);
        }
    }
    if (cut > 0)
        TRY(note_adjustment(c, "final use that the flows leave negative, set to zero (sum)", "流量所余为负、置零的最终使用（合计）", -cut, 0));
    return note_adjustment(c, "value added: as stated, and as the flows and coefficients imply (used)",
                           "增加值：所列数值与由流量和系数推得的数值（采用后者）", observed, implied);
}
