/* bilateral_rows.h - the inner loops of a pass, for one width of the stored shares; included by bilateral.c once for
 * double and once for float. ELEMENT is the type, ROWS(name) makes the names.
 *
 * Four rows at a time, so that x and the sums are touched a quarter as often. While a group is worked on, the next one is
 * fetched from memory: half during the products by row, half during the sums by column. */

/* out[r] = sum over columns of row r times x, r < 4 */
IN_EACH_WIDTH void ROWS(dot_4)(const ELEMENT *rows, size_t stride, const double *x, size_t n, double *out, const ELEMENT *next)
{
    const ELEMENT *a = rows, *b = a + stride, *c = b + stride, *d = c + stride;
    double in_a[VECTOR_LANES] = {0}, in_b[VECTOR_LANES] = {0}, in_c[VECTOR_LANES] = {0}, in_d[VECTOR_LANES] = {0};
    size_t i = 0;
    for (; i + VECTOR_LANES <= n; i += VECTOR_LANES) {
        for (size_t line = 0; line < 2 * VECTOR_LANES; line += 64 / sizeof(ELEMENT)) FETCH(next + 2 * i + line);
        LANES_TOGETHER
        for (size_t l = 0; l < VECTOR_LANES; l++) {
            in_a[l] += (double)a[i + l] * x[i + l];
            in_b[l] += (double)b[i + l] * x[i + l];
            in_c[l] += (double)c[i + l] * x[i + l];
            in_d[l] += (double)d[i + l] * x[i + l];
        }
    }
    for (size_t l = 0; i < n; i++, l++) {
        in_a[l] += (double)a[i] * x[i];
        in_b[l] += (double)b[i] * x[i];
        in_c[l] += (double)c[i] * x[i];
        in_d[l] += (double)d[i] * x[i];
    }
    out[0] = lane_sum(in_a);
    out[1] = lane_sum(in_b);
    out[2] = lane_sum(in_c);
    out[3] = lane_sum(in_d);
}

IN_EACH_WIDTH double ROWS(dot_1)(const ELEMENT *row, const double *x, size_t n)
{
    double lane[VECTOR_LANES] = {0};
    size_t i = 0;
    for (; i + VECTOR_LANES <= n; i += VECTOR_LANES)
        LANES_TOGETHER
        for (size_t l = 0; l < VECTOR_LANES; l++) lane[l] += (double)row[i + l] * x[i + l];
    for (size_t l = 0; i < n; i++, l++) lane[l] += (double)row[i] * x[i];
    return lane_sum(lane);
}

/* sum += weights of four rows times the rows, in their order */
IN_EACH_WIDTH void ROWS(add_4)(double *restrict sum, const double *weight, const ELEMENT *rows, size_t stride, size_t n,
                               const ELEMENT *next)
{
    const ELEMENT *a = rows, *b = a + stride, *c = b + stride, *d = c + stride;
    double by_a = weight[0], by_b = weight[1], by_c = weight[2], by_d = weight[3];
    size_t i = 0;
    for (; i + VECTOR_LANES <= n; i += VECTOR_LANES) {
        for (size_t line = 0; line < 2 * VECTOR_LANES; line += 64 / sizeof(ELEMENT)) FETCH(next + 2 * i + line);
        LANES_TOGETHER
        for (size_t l = 0; l < VECTOR_LANES; l++)
            sum[i + l] = sum[i + l] + by_a * (double)a[i + l] + by_b * (double)b[i + l] + by_c * (double)c[i + l]
                         + by_d * (double)d[i + l];
    }
    for (; i < n; i++)
        sum[i] = sum[i] + by_a * (double)a[i] + by_b * (double)b[i] + by_c * (double)c[i] + by_d * (double)d[i];
}

IN_EACH_WIDTH void ROWS(add_1)(double *restrict sum, double weight, const ELEMENT *row, size_t n)
{
    for (size_t i = 0; i < n; i++) sum[i] += weight * (double)row[i];
}

/* square += weight * sales * kernel */
IN_EACH_WIDTH void ROWS(add_square)(double *restrict square, double weight, const ELEMENT *sales, const ELEMENT *kernel, size_t n)
{
    for (size_t i = 0; i < n; i++) square[i] += weight * (double)sales[i] * (double)kernel[i];
}

/* `count` rows (four together, or one) from `first`; layer_work: [3][4][layers]. */
IN_EACH_WIDTH void ROWS(pass_group)(const ELEMENT *kernel, const ELEMENT *sales, size_t layers, size_t columns, size_t first,
                                    size_t count, const double *x, bilateral_row *row, void *payload, double *sum,
                                    double *square, double *layer_work)
{
    size_t stride = layers * columns;
    const ELEMENT *k = kernel + first * stride, *s = sales + first * stride;
    double *total = layer_work, *kept = total + count * layers, *weight = kept + count * layers;
    for (size_t j = 0; j < layers; j++) {
        double of_kernel[4], of_sales[4];
        size_t at = j * columns;
        if (count == 4) ROWS(dot_4)(k + at, stride, x + at, columns, of_kernel, k + 4 * stride + 2 * at);
        else of_kernel[0] = ROWS(dot_1)(k + at, x + at, columns);
        if (sales != kernel) {
            if (count == 4) ROWS(dot_4)(s + at, stride, x + at, columns, of_sales, s + 4 * stride + 2 * at);
            else of_sales[0] = ROWS(dot_1)(s + at, x + at, columns);
        }
        for (size_t r = 0; r < count; r++) {
            total[r * layers + j] = of_kernel[r];
            kept[r * layers + j] = sales != kernel ? of_sales[r] : of_kernel[r];
        }
    }
    for (size_t r = 0; r < count; r++) row(payload, first + r, total + r * layers, kept + r * layers, weight + r * layers);
    for (size_t j = 0; j < layers; j++) {
        double by_row[4];
        size_t at = j * columns;
        for (size_t r = 0; r < count; r++) by_row[r] = weight[r * layers + j];
        if (count == 4) ROWS(add_4)(sum + at, by_row, s + at, stride, columns, s + 6 * stride + 2 * at);
        else ROWS(add_1)(sum + at, by_row[0], s + at, columns);
        for (size_t r = 0; square && r < count; r++)
            if (total[r * layers + j] > 0)
                ROWS(add_square)(square + at, by_row[r] / total[r * layers + j], s + r * stride + at, k + r * stride + at, columns);
    }
}
