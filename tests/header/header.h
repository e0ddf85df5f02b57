/* header.h - the public header, before anything else and twice: it stands alone and may be met again. */
#include "bashu/bashu.h"
#include "bashu/bashu.h"
