#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

int a_setup(const char *name, unsigned long size, unsigned long flags);

/**
 * a_setup - set a file up
 * @name: its name
 * @size: its size
 * @flags: VM_NORESERVE keeps it from being accounted,
 *	VM_ACCESS_FLAGS does nothing
 *
 * VM_NORESERVE is a flag of the mapping.
 */
int a_setup(const char *name, unsigned long size, unsigned long flags)
{
	return flags & VM_NORESERVE ? 0 : (int)size;
}

int a_scratch(void)
{
	return a_setup("scratch", VM_READ, 0) + a_setup("log", 0, VM_NORESERVE | VM_ACCOUNT);
}
