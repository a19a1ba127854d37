"""Tables that the kernel itself needs; each part reads them before its own: migrations.read("esoz.kernel.sql", …)."""
