@r@
identifier dev;
@@
struct device { ... } dev;

@@
identifier r.dev;
fresh identifier lock = dev ## "_lock";
@@
 struct device { ... } dev;
++struct mutex lock;
