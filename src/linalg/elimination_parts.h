/* elimination_parts.h - the plan of an elimination; private to elimination*.c. */
#ifndef BASHU_LINALG_ELIMINATION_PARTS_H
#define BASHU_LINALG_ELIMINATION_PARTS_H

#include "linalg/elimination.h"

/* A front eliminates the nodes at places first[f] .. first[f + 1] - 1, whose columns have one pattern: themselves and `rows`. What is
 * left for those rows goes to the parent front. Fronts stand in an order in which children come first and side by side. */
struct elimination_plan {
    const arc_pattern *pattern;
    bashu_context *context;
    size_t size, fronts;
    int *order, *place;      /* node at a place, place of a node; [size] */
    int *first;              /* [fronts + 1] */
    int *parent;             /* [fronts], -1 none */
    int *child, *sibling;    /* [fronts] first child, next child of the same parent; -1 none */
    size_t *row_at;          /* [fronts + 1] */
    int *rows;               /* places, ascending */
    size_t *value_at;        /* [fronts + 1] in the values */
    size_t *arc_at;          /* [fronts + 1] */
    int *arcs, *arc_from;    /* arcs that a front takes in, and the nodes they leave */
    size_t widest;           /* rows of the largest front */
    /* whole subtrees, one a task; what is above them is done afterwards, with threads inside of fronts */
    size_t tasks;
    int *task_first, *task_last; /* fronts */
    size_t *task_room, top_room; /* numbers that waiting updates take at most */
    double work;
};

static inline size_t front_pivots(const elimination_plan *p, size_t f)
{
    return (size_t)(p->first[f + 1] - p->first[f]);
}
static inline size_t front_rows(const elimination_plan *p, size_t f)
{
    return p->row_at[f + 1] - p->row_at[f];
}

#endif
