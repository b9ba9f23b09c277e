int written_below(struct vm_area_desc *desc, bool started, bool swapped_before)
{
	if (!started && (!swapped_before || has(desc, VM_NOHUGEPAGE) ||
				!has(desc, VM_WRITE)))
		return 1;
	return 0;
}

int aligned_below(struct vm_area_desc *desc, bool started_before, bool other)
{
	if (has(desc, VM_SHARED) && is_started(started_before, (other ||
								!desc)))
		return 1;
	return 0;
}

int block_below(struct vm_area_desc *desc, bool started, bool swapped_before)
{
	if (!started && (!swapped_before || has(desc, VM_HUGETLB))) {
		if (has(desc, VM_WRITE))
			return 2;
		return 1;
	}
	return 0;
}

int indented_otherwise(struct vm_area_desc *desc, bool started, bool swapped_before)
{
	if (!started && (!swapped_before || has(desc, VM_NOHUGEPAGE) ||
				is_started(started)))
		return 1;
	return 0;
}
