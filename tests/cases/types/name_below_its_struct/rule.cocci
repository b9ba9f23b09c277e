@r@
identifier tag, name;
field list fields;
@@
  struct tag { fields } *name;
+ struct copy { fields };
