/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H
#ifdef __KERNEL__

#define VM_NONE		0x00000000
#define VM_READ		0x00000001	/* currently active flags */
#define VM_WRITE	0x00000002
#define VM_SHARED	0x00000008UL
#ifdef CONFIG_MMU
#define VM_UFFD_MISSING	0x00000200
#else
#define VM_MAYOVERLAY	0x00000200
#define VM_UFFD_MISSING	0
#endif
#define VM_ARCH_1	0x01000000
#define VM_MERGEABLE	BIT(31)
#define VM_TWO_BITS	0x00000003
#ifdef CONFIG_HIGH_FLAGS
#define VM_HIGH_ARCH_BIT_0	32	/* a number, not the mask 0x20 */
#define VM_HIGH_ARCH_0	BIT(VM_HIGH_ARCH_BIT_0)
#endif
#if defined(CONFIG_FJORD)
# define VM_SAO		VM_ARCH_1
#elif defined(CONFIG_GLEN)
# define VM_GROWSUP	VM_ARCH_1
#endif
#ifndef VM_GROWSUP
# define VM_GROWSUP	VM_NONE
#endif
#ifdef CONFIG_64BIT
#define VM_SEALED	_BITUL(63)
#define VM_DROPPABLE	BIT(40)
#else
#define VM_DROPPABLE	VM_ARCH_1
#endif
#define VM_ACCESS_FLAGS (VM_READ | VM_WRITE)
#define VM_INIT_DEF_MASK	VM_MERGEABLE

#endif
#endif
