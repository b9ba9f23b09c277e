@@
expression e;
unary operator op = {-, ~, &};
@@
- send(op e, 0)
+ send_one(op e, -op e)
