@@
expression E;
@@
- install(E)
+ install_special_mapping(legacy_to_vma_flags(E))
