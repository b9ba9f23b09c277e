@@ expression e; @@
- f
+ h
  (\(e \& g(...)\))
