struct device { int id; } disk;
struct mutex disk_lock;
