/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before all that mypyc writes (`make fast`).
 *
 * A slice of bytes that ends before it begins is empty in Python. The C that mypy 2.4.1 ships for it
 * (lib-rt/bytes_ops.c, CPyBytes_GetSlice) asks for bytes of a length below zero, a SystemError.
 */
#ifndef VMACONV_SLICES_H
#define VMACONV_SLICES_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

static inline PyObject *bytes_or_none(const char *start, Py_ssize_t length)
{
	return PyBytes_FromStringAndSize(start, length < 0 ? 0 : length);
}

#define PyBytes_FromStringAndSize bytes_or_none

#endif
