@@ @@
(
- delay(1000)
+ delay(SECOND)
|
- say("old\n")
+ say("new\n")
|
- put('x')
+ put('y')
)
