/* text.h - decimal numbers and excerpts of text for messages. */
#ifndef BASHU_INPUT_TEXT_H
#define BASHU_INPUT_TEXT_H

#include "input/input.h"

/* How a text is as a number. */
typedef enum number_form { NUMBER_GOOD, NUMBER_EMPTY, NUMBER_NOT_FINITE, NUMBER_BAD } number_form;

/* Reads all of `text` as a decimal number (1250.5, -3, 1e8) whatever the locale; *out is NaN unless good. */
number_form number_read(double *out, const char *text);
/* Says what is wrong with a number ("" when nothing is) and the mend, into `words`. */
typedef struct number_words {
    char text[512];
} number_words;
bool number_check(double *out, number_words *words, const char *text, number_range range);

/* The first characters of a text on one line, for messages; never cuts a UTF-8 character. */
typedef struct excerpt {
    char text[72];
} excerpt;
excerpt excerpt_of(const char *text);

/* The length in bytes of the UTF-8 character at `text`; 0 when it is none. */
size_t utf8_length(const char *text, size_t left);
/* The number of valid bytes at the beginning. */
size_t utf8_valid(const char *text, size_t size);

#endif
