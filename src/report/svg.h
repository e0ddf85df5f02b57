/* svg.h - small words for SVG: attributes, text, colours. Files never have a decimal comma, whatever the locale of the program that asks for them. */
#ifndef BASHU_REPORT_SVG_H
#define BASHU_REPORT_SVG_H

#include "report/report.h"

/* One decimal. */
void svg_number(writer *w, double value);
void svg_attribute(writer *w, const char *name, double value); /* ' name="1.2"' */
/* XML asks for some characters to be written otherwise. */
void svg_escaped(writer *w, const char *text);
/* style: attributes of the element, written as they are. */
void svg_words(writer *w, double x, double y, const char *style, const char *words);
/* The same in the language of the report, or in both. */
void svg_said(report *r, double x, double y, const char *style, const char *english, const char *chinese);
/* A group of what is in one language; false: the report does not have that language, and nothing was opened. */
bool svg_language_open(report *r, bashu_language language);
void svg_language_close(report *r);
void svg_line(writer *w, double x0, double y0, double x1, double y1, const char *style);
void svg_circle(writer *w, double x, double y, double radius, const char *style);
void svg_rectangle(writer *w, double x, double y, double width, double height, const char *style);
/* The element, its title for those who cannot see it, and a white ground. */
void svg_open(writer *w, double width, double height, const char *title);
void svg_close(writer *w);

/* White at zero, full at +-full: blue above, orange below (told apart by people who confuse red and green); roots show small changes too. "#rrggbb". */
const char *svg_diverging(char out[8], double value, double full);
/* 0 .. 1: light to dark blue. */
const char *svg_sequential(char out[8], double part);
extern const char svg_gain[8], svg_loss[8]; /* the two ends */

#endif
