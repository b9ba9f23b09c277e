// What a head leaves stands where the head stood, however little deeper it was
@@
expression e;
@@
- if (e)
  put(e);

@@
expression e;
@@
- if (e) {
  put(e);
  e = NULL;
- }
