/* elimination_fronts.h - the arithmetic of fronts in one semiring; included by elimination.c for each. PLUS, TIMES, GATHER_1, STAR
 * and ZERO are its operations, UNIT its vector of STEP numbers, IN(name) makes the names, BUILT says for which machines.
 *
 * A front is a full matrix a[rows][rows], row by row, whose first `pivots` rows and columns are eliminated:
 *
 *   a_kk := a_kk*,   a_ik := a_ik a_kk,   a_ij := a_ij + a_ik a_kj        i, j > k
 *
 * so that what is stored is l_ik = a_ik a_kk* below the diagonal, a_kk* on it and a_kj above it. */

/* s := s + by x, two UNITs of STEP numbers at once */
#define GATHER(s, t, by, x)         \
    do {                            \
        GATHER_1(s, by, x);        \
        GATHER_1(t, by, (x) + STEP); \
    } while (0)

/* Four rows a_ij += l_ik a_kj for `count` eliminated k, columns j < n. */
IN_EACH_WIDTH void IN(update_4)(double *a, size_t stride, const double *l, const double *above, size_t count, size_t n)
{
    size_t j = 0;
    for (; j + 2 * STEP <= n; j += 2 * STEP) {
        UNIT *r0 = (UNIT *)(a + j), *r1 = (UNIT *)(a + stride + j), *r2 = (UNIT *)(a + 2 * stride + j), *r3 = (UNIT *)(a + 3 * stride + j);
        UNIT s0 = r0[0], t0 = r0[1], s1 = r1[0], t1 = r1[1], s2 = r2[0], t2 = r2[1], s3 = r3[0], t3 = r3[1];
        for (size_t k = 0; k < count; k++) {
            const double *u = above + k * stride + j;
            GATHER(s0, t0, l[k], u);
            GATHER(s1, t1, l[stride + k], u);
            GATHER(s2, t2, l[2 * stride + k], u);
            GATHER(s3, t3, l[3 * stride + k], u);
        }
        r0[0] = s0, r0[1] = t0, r1[0] = s1, r1[1] = t1, r2[0] = s2, r2[1] = t2, r3[0] = s3, r3[1] = t3;
    }
    for (size_t r = 0; j < n && r < 4; r++)
        for (size_t k = 0; k < count; k++) {
            const double by = l[r * stride + k], *u = above + k * stride;
            double *row = a + r * stride;
            for (size_t i = j; i < n; i++) row[i] = PLUS(row[i], TIMES(by, u[i]));
        }
}

IN_EACH_WIDTH void IN(update_1)(double *restrict a, size_t stride, const double *restrict l, const double *restrict above, size_t count, size_t n)
{
    for (size_t k = 0; k < count; k++) {
        const double by = l[k], *u = above + k * stride;
        for (size_t i = 0; i < n; i++) a[i] = PLUS(a[i], TIMES(by, u[i]));
    }
}

/* Rows first .. last - 1 below a block of eliminated pivots from .. to - 1: their columns of the block, then the others. */
BUILT static void IN(update_rows)(double *a, size_t stride, size_t from, size_t to, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        double *row = a + i * stride;
        for (size_t k = from; k < to; k++) {
            row[k] = TIMES(row[k], a[k * stride + k]);
            const double by = row[k], *u = a + k * stride;
            for (size_t j = k + 1; j < to; j++) row[j] = PLUS(row[j], TIMES(by, u[j]));
        }
    }
    size_t i = first;
    for (; i + 4 <= last; i += 4)
        IN(update_4)(a + i * stride + to, stride, a + i * stride + from, a + from * stride + to, to - from, stride - to);
    for (; i < last; i++)
        IN(update_1)(a + i * stride + to, stride, a + i * stride + from, a + from * stride + to, to - from, stride - to);
}

/* The block's own rows, whole. The place whose pivot fails, else `to`. */
BUILT static size_t IN(eliminate_block)(double *a, size_t stride, size_t from, size_t to)
{
    for (size_t k = from; k < to; k++) {
        double *pivot = a + k * stride;
        const double star = STAR(pivot[k]);
        if (!(star >= 0 && star <= DBL_MAX)) return k;
        pivot[k] = star;
        for (size_t i = k + 1; i < to; i++) {
            double *row = a + i * stride;
            row[k] = TIMES(row[k], pivot[k]);
            IN(update_1)(row + k + 1, stride, row + k, pivot + k + 1, 1, stride - k - 1);
        }
    }
    return to;
}

/* The place of a pivot that fails, else `pivots`. */
static size_t IN(eliminate_front)(double *a, size_t stride, size_t pivots, int threads)
{
    for (size_t from = 0, to; from < pivots; from = to) {
        to = from + PANEL < pivots ? from + PANEL : pivots;
        size_t reached = IN(eliminate_block)(a, stride, from, to);
        if (reached < to) return reached;
        if (threads > 1 && (stride - to) * (stride - to) * (to - from) > 100000) {
#pragma omp parallel for schedule(dynamic) num_threads(threads)
            for (size_t i = to; i < stride; i += PANEL)
                IN(update_rows)(a, stride, from, to, i, i + PANEL < stride ? i + PANEL : stride);
        } else {
            IN(update_rows)(a, stride, from, to, to, stride);
        }
    }
    return pivots;
}

/* What a child leaves, into its parent's front. */
static void IN(take_in)(double *a, size_t stride, const double *update, const int *local, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        double *row = a + (size_t)local[i] * stride;
        for (size_t j = 0; j < rows; j++) row[local[j]] = PLUS(row[local[j]], update[i * rows + j]);
    }
}

static size_t IN(front)(const elimination_plan *p, size_t f, const double *value, double *kept, double *a, double **updates,
                        double *update, int *local, int threads)
{
    size_t pivots = front_pivots(p, f), rows = front_rows(p, f), m = pivots + rows;
    const int *below = p->rows + p->row_at[f];
    for (size_t k = 0; k < pivots; k++) local[(size_t)p->first[f] + k] = (int)k;
    for (size_t r = 0; r < rows; r++) local[below[r]] = (int)(pivots + r);
    for (size_t i = 0; i < m * m; i++) a[i] = ZERO;
    for (size_t e = p->arc_at[f]; e < p->arc_at[f + 1]; e++) {
        double *entry = a + (size_t)local[p->place[p->arc_from[e]]] * m + local[p->place[p->pattern->to[p->arcs[e]]]];
        *entry = PLUS(*entry, value[p->arcs[e]]);
    }
    for (int c = p->child[f]; c >= 0; c = p->sibling[c]) {
        size_t count = front_rows(p, (size_t)c);
        int *at = local + p->size;
        for (size_t r = 0; r < count; r++) at[r] = local[p->rows[p->row_at[c] + r]];
        IN(take_in)(a, m, updates[c], at, count);
    }
    size_t reached = IN(eliminate_front)(a, m, pivots, threads);
    if (reached < pivots) return reached;
    double *diagonal = kept, *left = diagonal + pivots * pivots, *right = left + rows * pivots;
    for (size_t k = 0; k < pivots; k++) memcpy(diagonal + k * pivots, a + k * m, pivots * sizeof *a);
    for (size_t k = 0, several; k < pivots; k += several) {
        several = together(pivots, k);
        for (size_t r = 0; r < rows; r++)
            for (size_t o = 0; o < several; o++) {
                left[k * rows + r * several + o] = a[(pivots + r) * m + k + o];
                right[k * rows + r * several + o] = a[(k + o) * m + pivots + r];
            }
    }
    for (size_t r = 0; r < rows; r++) memcpy(update + r * rows, a + (pivots + r) * m + pivots, rows * sizeof *a);
    updates[f] = update;
    return pivots;
}

/* ---- solving, WIDE right sides side by side: x[size][WIDE] by place -------------------------------- */

/* y_o += sum over k of l[o by_to + k by_from] x_k for `several` (at most FOUR) places y_o */
IN_EACH_WIDTH void IN(gather)(double *const *y, size_t several, const double *l, size_t by_to, size_t by_from, const double *x, size_t count)
{
    if (several == FOUR) {
        const double *l1 = l + by_to, *l2 = l1 + by_to, *l3 = l2 + by_to;
        for (size_t i = 0; i < WIDE; i += 2 * STEP) {
            UNIT *y0 = (UNIT *)(y[0] + i), *y1 = (UNIT *)(y[1] + i), *y2 = (UNIT *)(y[2] + i), *y3 = (UNIT *)(y[3] + i);
            UNIT s0 = y0[0], t0 = y0[1], s1 = y1[0], t1 = y1[1], s2 = y2[0], t2 = y2[1], s3 = y3[0], t3 = y3[1];
            for (size_t k = 0, at = 0; k < count; k++, at += by_from) {
                const double *from = x + k * WIDE + i;
                GATHER(s0, t0, l[at], from);
                GATHER(s1, t1, l1[at], from);
                GATHER(s2, t2, l2[at], from);
                GATHER(s3, t3, l3[at], from);
            }
            y0[0] = s0, y0[1] = t0, y1[0] = s1, y1[1] = t1, y2[0] = s2, y2[1] = t2, y3[0] = s3, y3[1] = t3;
        }
    } else {
        for (size_t o = 0; o < several; o++)
            for (size_t i = 0; i < WIDE; i += 2 * STEP) {
                UNIT *to = (UNIT *)(y[o] + i), s = to[0], t = to[1];
                for (size_t k = 0; k < count; k++)
                    GATHER(s, t, l[o * by_to + k * by_from], x + k * WIDE + i);
                to[0] = s;
                to[1] = t;
            }
    }
}

IN_EACH_WIDTH void IN(scale)(double *y, double by)
{
    for (size_t l = 0; l < WIDE; l += STEP) *(UNIT *)(y + l) = TIMES(by, *(UNIT *)(y + l));
}

/* x := L x or, transposed, U^T x, of one front; FOUR places at a time, of which each takes in what comes before */
IN_EACH_WIDTH void IN(go_up)(const elimination_plan *p, size_t f, const double *kept, bool transposed, double *x)
{
    size_t pivots = front_pivots(p, f), rows = front_rows(p, f), several;
    const int *below = p->rows + p->row_at[f];
    const double *outside = kept + pivots * pivots + (transposed ? rows * pivots : 0);
    const size_t by_to = transposed ? 1 : pivots, by_from = transposed ? pivots : 1;
    double *own = x + (size_t)p->first[f] * WIDE, *y[FOUR];
    for (size_t k = 0; k < pivots; k += several) {
        several = together(pivots, k);
        for (size_t o = 0; o < several; o++) y[o] = own + (k + o) * WIDE;
        IN(gather)(y, several, kept + k * by_to, by_to, by_from, own, k);
        for (size_t o = 0; o < several; o++) {
            IN(gather)(y + o, 1, kept + (k + o) * by_to + k * by_from, by_to, by_from, y[0], o);
            if (transposed) IN(scale)(y[o], kept[(k + o) * pivots + k + o]);
        }
    }
    for (size_t k = 0; k < pivots; k += several) {
        several = together(pivots, k);
        for (size_t r = 0, many; r < rows; r += many) {
            many = together(rows, r);
            for (size_t o = 0; o < many; o++) y[o] = x + (size_t)below[r + o] * WIDE;
            IN(gather)(y, many, outside + k * rows + r * several, several, 1, own + k * WIDE, several);
        }
    }
}

/* x := U x or, transposed, L^T x, of one front; the diagonal belongs to U, which with U^T has been done on the way up */
IN_EACH_WIDTH void IN(go_down)(const elimination_plan *p, size_t f, const double *kept, bool transposed, double *x, double *near)
{
    size_t pivots = front_pivots(p, f), rows = front_rows(p, f);
    const int *below = p->rows + p->row_at[f];
    const double *outside = kept + pivots * pivots + (transposed ? 0 : rows * pivots);
    const size_t by_to = transposed ? 1 : pivots, by_from = transposed ? pivots : 1;
    double *own = x + (size_t)p->first[f] * WIDE, *y[FOUR];
    for (size_t r = 0; r < rows; r++) memcpy(near + r * WIDE, x + (size_t)below[r] * WIDE, WIDE * sizeof *x);
    for (size_t k = 0, several; k < pivots; k += several) {
        several = together(pivots, k);
        for (size_t o = 0; o < several; o++) y[o] = own + (k + o) * WIDE;
        IN(gather)(y, several, outside + k * rows, 1, several, near, rows);
    }
    for (size_t end = pivots; end;) {
        size_t k = (end - 1) / FOUR * FOUR, several = end - k;
        for (size_t o = 0; o < several; o++) y[o] = own + (k + o) * WIDE;
        IN(gather)(y, several, kept + k * by_to + end * by_from, by_to, by_from, own + end * WIDE, pivots - end);
        for (size_t o = several; o-- > 0;) {
            IN(gather)(y + o, 1, kept + (k + o) * by_to + (k + o + 1) * by_from, by_to, by_from, y[o] + WIDE, several - o - 1);
            if (!transposed) IN(scale)(y[o], kept[(k + o) * pivots + k + o]);
        }
        end = k;
    }
}

/* Fronts that no right side reaches are left out on the way up, those that nobody asks for on the way down. reached, wanted: [fronts];
 * with a right side; with a node that is asked for below. */
BUILT static void IN(sweep)(const elimination_plan *p, const double *kept, bool transposed, unsigned char *reached,
                                     const unsigned char *wanted, double *x, double *near)
{
    for (size_t f = 0; f < p->fronts; f++)
        if (reached[f]) {
            IN(go_up)(p, f, kept + p->value_at[f], transposed, x);
            if (p->parent[f] >= 0) reached[p->parent[f]] = 1;
        }
    for (size_t f = p->fronts; f-- > 0;)
        if (wanted[f]) IN(go_down)(p, f, kept + p->value_at[f], transposed, x, near);
}
#undef GATHER
