/* SPDX-License-Identifier: GPL-2.0 */
typedef unsigned long vm_flags_t;
