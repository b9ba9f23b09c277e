@@ @@
- OLD
+ NEW
