// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>

static int quill_level = 4;
