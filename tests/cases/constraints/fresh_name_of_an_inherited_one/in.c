struct device { int id; } disk;
