/* Optional accelerator of esoz.signature: DSTU 4145, GOST 34.311 with PBKDF2, Kupyna.
 *
 * C99 for GCC and Clang on 64-bit little-endian machines; the Python modules are the reference and compare results
 * before use. What may run long gives the interpreter's lock away. Hashing is not in constant time (its tables are
 * indexed by the data); signing is, see dstu4145.h.
 */
/* The stable interface: what is built once works with every CPython from 3.11 on. */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "dstu4145.h"
#include "gost.h"
#include "kupyna.h"

/* What Python and C agreed upon; a library built from older sources is not used. */
enum { INTERFACE = 4 };

static PyObject *wrong(const char *what)
{
    PyErr_SetString(PyExc_ValueError, what);
    return NULL;
}

/* gost34311(message, S-box, times): the digest, then the digest of the digest, and so on `times` times */
static PyObject *py_gost34311(PyObject *self, PyObject *args)
{
    Py_buffer message, packed;
    uint8_t out[32];
    unsigned long times;
    int is_right;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*k", &message, &packed, &times)) return NULL;
    is_right = packed.len == 64 && times > 0;
    if (is_right) {
        Sbox box;
        Gost g = {{0}, {0}, 0};
        Py_BEGIN_ALLOW_THREADS
        sbox_init(&box, packed.buf);
        gost_finish(&box, &g, message.buf, (size_t)message.len, out);
        while (--times) gost_finish(&box, &g, out, sizeof out, out);
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&message);
    PyBuffer_Release(&packed);
    return is_right ? PyBytes_FromStringAndSize((char *)out, 32) : wrong("S-box");
}

/* pbkdf2(key of 32 bytes padded with zeros, salt up to 64 bytes, rounds, S-box) */
static PyObject *py_pbkdf2(PyObject *self, PyObject *args)
{
    const char *key, *salt, *packed;
    Py_ssize_t key_size, salt_size, packed_size;
    unsigned long rounds;
    uint8_t out[32];
    (void)self;
    if (!PyArg_ParseTuple(args, "y#y#ky#", &key, &key_size, &salt, &salt_size, &rounds, &packed, &packed_size))
        return NULL;
    if (key_size != 32 || salt_size > 64 || packed_size != 64) return wrong("sizes");
    Py_BEGIN_ALLOW_THREADS
    pbkdf2((const uint8_t *)key, (const uint8_t *)salt, (size_t)salt_size, rounds, (const uint8_t *)packed, out);
    Py_END_ALLOW_THREADS
    return PyBytes_FromStringAndSize((char *)out, 32);
}

/* kupyna(message, columns, tables): the whole last state */
static PyObject *py_kupyna(PyObject *self, PyObject *args)
{
    Py_buffer message, tables;
    int columns, is_right;
    uint64_t h[16];
    (void)self;
    if (!PyArg_ParseTuple(args, "y*iy*", &message, &columns, &tables)) return NULL;
    is_right = (columns == 8 || columns == 16) && tables.len == (Py_ssize_t)sizeof(KupynaTables);
    if (is_right) {
        Py_BEGIN_ALLOW_THREADS
        kupyna(tables.buf, message.buf, (size_t)message.len, columns, h);
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&message);
    PyBuffer_Release(&tables);
    return is_right ? PyBytes_FromStringAndSize((char *)h, 8 * columns) : wrong("sizes");
}

typedef struct {
    PyObject_HEAD
    Curve curve;
} CurveObject;

/* Reads `count` numbers of BYTES bytes each, little endian; 0 with an exception when the size is another. */
static int read_numbers(const char *data, Py_ssize_t size, int count, Element *numbers)
{
    if (size == (Py_ssize_t)count * BYTES) {
        memcpy(numbers, data, (size_t)size);
        return 1;
    }
    wrong("numbers");
    return 0;
}

static int is_element(const Field *f, const uint64_t *a)
{
    uint64_t above = a[f->m / 64] >> f->m % 64;
    for (int i = f->n; i < WORDS; i++) above |= a[i];
    return !above;
}

static int read_exponents(PyObject *exponents, Field *f)
{
    Py_ssize_t count = PyTuple_Size(exponents);
    if (count > 3) return 0;
    f->count = (int)count;
    for (int i = 0; i < f->count; i++) {
        long k = PyLong_AsLong(PyTuple_GetItem(exponents, i));
        if (k < 1 || k > 63) return 0;
        f->k[i] = (int)k;
    }
    return 1;
}

/* Whether the numbers b, order, x and y make a curve with a base point; fills in what follows from them. */
static int curve_init(Curve *c, Element *numbers)
{
    Affine base;
    memcpy(c->b, numbers[0], BYTES);
    memcpy(c->order, numbers[1], BYTES);
    memcpy(base.x, numbers[2], BYTES);
    memcpy(base.y, numbers[3], BYTES);
    for (c->order_bits = 64 * WORDS; c->order_bits > 0; c->order_bits--)
        if (c->order[(c->order_bits - 1) / 64] >> (c->order_bits - 1) % 64 & 1) break;
    if (c->order_bits < 128 || c->order_bits > c->field.m || (c->a != 0 && c->a != 1)) return 0;
    if (!is_element(&c->field, c->b) || !is_element(&c->field, base.x) || !is_element(&c->field, base.y)) return 0;
    if (is_zero(base.x) || !contains(c, &base)) return 0;
    odd_multiples(c, &base, 1 << (BASE_WIDTH - 2), c->base);
    return 1;
}

/* Curve(m, exponents, a, b || order || x || y, portable) */
static PyObject *curve_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    CurveObject *self;
    PyObject *exponents;
    const char *data;
    Py_ssize_t size;
    int m, a, portable;
    Element numbers[4];
    (void)keywords;
    if (!PyArg_ParseTuple(args, "iO!iy#p", &m, &PyTuple_Type, &exponents, &a, &data, &size, &portable)) return NULL;
    if (!read_numbers(data, size, 4, numbers)) return NULL;
    self = (CurveObject *)((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0);
    if (!self) return NULL;
    self->curve.field.m = m;
    self->curve.a = a;
    if (!read_exponents(exponents, &self->curve.field) || !field_init(&self->curve.field, portable) ||
        !curve_init(&self->curve, numbers)) {
        Py_DECREF(self);
        return PyErr_Occurred() ? NULL : wrong("curve");
    }
    return (PyObject *)self;
}

/* window(x || y): the odd multiples of a public key, for `verify` */
static PyObject *curve_window(CurveObject *self, PyObject *args)
{
    const Curve *c = &self->curve;
    const char *data;
    Py_ssize_t size;
    Affine p;
    Window window;
    if (!PyArg_ParseTuple(args, "y#", &data, &size)) return NULL;
    if (size != (Py_ssize_t)sizeof p) return wrong("numbers");
    memcpy(&p, data, sizeof p);
    if (!is_element(&c->field, p.x) || !is_element(&c->field, p.y) || is_zero(p.x) || !contains(c, &p))
        return wrong("point");
    odd_multiples(c, &p, (int)(sizeof window / sizeof *window), window);
    return PyBytes_FromStringAndSize((char *)window, sizeof window);
}

/* verify(window, h || r || s) */
static PyObject *curve_verify(CurveObject *self, PyObject *args)
{
    const char *data, *packed;
    Py_ssize_t size, packed_size;
    Element numbers[3];
    Window window;
    int is_valid;
    if (!PyArg_ParseTuple(args, "y#y#", &packed, &packed_size, &data, &size)) return NULL;
    if (!read_numbers(data, size, 3, numbers)) return NULL;
    if (packed_size != (Py_ssize_t)sizeof window || !is_element(&self->curve.field, numbers[0])) return wrong("sizes");
    memcpy(window, packed, sizeof window);
    Py_BEGIN_ALLOW_THREADS
    is_valid = verify(&self->curve, window, numbers[0], numbers[1], numbers[2]);
    Py_END_ALLOW_THREADS
    return PyBool_FromLong(is_valid);
}

static int are_blinds(const Field *f, const Element *blind)
{
    return is_element(f, blind[0]) && is_element(f, blind[1]) && !is_zero(blind[0]) && !is_zero(blind[1]);
}

/* base_times(k || two random elements): x || y */
static PyObject *curve_base_times(CurveObject *self, PyObject *args)
{
    const Curve *c = &self->curve;
    const char *data;
    Py_ssize_t size;
    Element numbers[3];
    Affine out;
    if (!PyArg_ParseTuple(args, "y#", &data, &size) || !read_numbers(data, size, 3, numbers)) return NULL;
    if (!in_range(c, numbers[0]) || !are_blinds(&c->field, numbers + 1)) return wrong("scalar");
    Py_BEGIN_ALLOW_THREADS
    base_times(c, numbers[0], numbers + 1, &out);
    Py_END_ALLOW_THREADS
    return PyBytes_FromStringAndSize((char *)&out, sizeof out);
}

/* sign(d || e || h || two random elements): r || s, None when another e must be taken */
static PyObject *curve_sign(CurveObject *self, PyObject *args)
{
    const Curve *c = &self->curve;
    const char *data;
    Py_ssize_t size;
    Element numbers[5];
    Affine out;
    int is_done;
    if (!PyArg_ParseTuple(args, "y#", &data, &size) || !read_numbers(data, size, 5, numbers)) return NULL;
    if (!in_range(c, numbers[0]) || !in_range(c, numbers[1])) return wrong("scalar");
    if (!is_element(&c->field, numbers[2]) || !are_blinds(&c->field, numbers + 3)) return wrong("element");
    Py_BEGIN_ALLOW_THREADS
    is_done = sign(c, numbers[0], numbers[1], numbers[2], numbers + 3, &out);
    Py_END_ALLOW_THREADS
    if (!is_done) Py_RETURN_NONE;
    return PyBytes_FromStringAndSize((char *)&out, sizeof out);
}

/* expand(compressed point): x || y, None when there is no such point of order n */
static PyObject *curve_expand(CurveObject *self, PyObject *args)
{
    const Curve *c = &self->curve;
    const char *data;
    Py_ssize_t size;
    Element packed;
    Affine out;
    if (!PyArg_ParseTuple(args, "y#", &data, &size) || !read_numbers(data, size, 1, &packed)) return NULL;
    if (!is_element(&c->field, packed) || !expand(c, packed, &out)) Py_RETURN_NONE;
    return PyBytes_FromStringAndSize((char *)&out, sizeof out);
}

static PyMethodDef curve_methods[] = {
    {"window", (PyCFunction)curve_window, METH_VARARGS, "window(x || y) -> odd multiples of a public key"},
    {"verify", (PyCFunction)curve_verify, METH_VARARGS, "verify(window, h || r || s) -> bool"},
    {"base_times", (PyCFunction)curve_base_times, METH_VARARGS, "base_times(k || blinds) -> x || y"},
    {"sign", (PyCFunction)curve_sign, METH_VARARGS, "sign(d || e || h || blinds) -> r || s or None"},
    {"expand", (PyCFunction)curve_expand, METH_VARARGS, "expand(compressed) -> x || y or None"},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot curve_slots[] = {
    {Py_tp_doc, "A curve with its base point; never changes."},
    {Py_tp_new, curve_new},
    {Py_tp_methods, curve_methods},
    {0, NULL},
};

static PyType_Spec curve_spec = {
    .name = "esoz.signature._kep.Curve",
    .basicsize = sizeof(CurveObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = curve_slots,
};

static PyMethodDef methods[] = {
    {"gost34311", py_gost34311, METH_VARARGS, "gost34311(message, sbox, times) -> digest"},
    {"pbkdf2", py_pbkdf2, METH_VARARGS, "pbkdf2(key, salt, rounds, sbox) -> 32 bytes"},
    {"kupyna", py_kupyna, METH_VARARGS, "kupyna(message, columns, tables) -> state"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_kep", "Accelerator of esoz.signature.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kep(void)
{
    const uint16_t one = 1;
    PyObject *made, *curve_type;
    if (*(const uint8_t *)&one != 1) {
        PyErr_SetString(PyExc_ImportError, "only for little-endian machines");
        return NULL;
    }
    if (!(made = PyModule_Create(&module))) return NULL;
    curve_type = PyType_FromSpec(&curve_spec);
    if (!curve_type || PyModule_AddIntConstant(made, "INTERFACE", INTERFACE) < 0 ||
        PyModule_AddIntConstant(made, "CARRYLESS", has_carryless()) < 0 ||
        PyModule_AddObjectRef(made, "Curve", curve_type) < 0) {
        Py_XDECREF(curve_type);
        Py_DECREF(made);
        return NULL;
    }
    Py_DECREF(curve_type);
    return made;
}
