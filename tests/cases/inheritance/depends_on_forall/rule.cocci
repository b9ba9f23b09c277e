// A clock that is taken is put on every path, or its users keep the slow call.
@taken@
expression clk;
position p;
@@
  clk_take@p(clk)

@unput@
expression taken.clk;
position taken.p;
@@
  clk_take@p(clk)
  ... when != clk_put(clk)
  return ...;

@depends on forall !unput@
expression taken.clk;
@@
- clk_rate(clk)
+ clk_rate_cached(clk)

@some depends on exists unput@
expression taken.clk;
@@
- clk_show(clk)
+ clk_show_leaked(clk)

@none depends on forall unput@
@@
- clk_dump()
+ clk_dump_leaked()
