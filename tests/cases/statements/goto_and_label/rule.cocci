@@ @@
- goto fail;
+ goto out;
