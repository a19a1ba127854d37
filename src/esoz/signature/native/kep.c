/* Optional accelerator of esoz.signature: GOST 34.311, PBKDF2, Kupyna and s*P + r*Q over GF(2^m).
 *
 * Plain C99 for little-endian machines; the Python modules are the reference and compare results before use.
 * Nothing here keeps state, and nothing here runs in constant time.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "gf2m.h"
#include "gost.h"
#include "kupyna.h"

static PyObject *py_gost34311(PyObject *self, PyObject *args)
{
    Py_buffer message, packed;
    uint8_t out[32];
    if (!PyArg_ParseTuple(args, "y*y*", &message, &packed)) return NULL;
    if (packed.len == 64) {
        Sbox box;
        Gost g = {{0}, {0}, 0};
        Py_BEGIN_ALLOW_THREADS
        sbox_init(&box, packed.buf);
        gost_finish(&box, &g, message.buf, (size_t)message.len, out);
        Py_END_ALLOW_THREADS
    } else {
        PyErr_SetString(PyExc_ValueError, "S-box");
    }
    PyBuffer_Release(&message);
    PyBuffer_Release(&packed);
    return PyErr_Occurred() ? NULL : PyBytes_FromStringAndSize((char *)out, 32);
}

/* pbkdf2(key of 32 bytes padded with zeros, salt up to 64 bytes, rounds, S-box) */
static PyObject *py_pbkdf2(PyObject *self, PyObject *args)
{
    Py_buffer key, salt, packed;
    unsigned long rounds;
    uint8_t out[32];
    if (!PyArg_ParseTuple(args, "y*y*ky*", &key, &salt, &rounds, &packed)) return NULL;
    if (key.len == 32 && salt.len <= 64 && packed.len == 64) {
        Py_BEGIN_ALLOW_THREADS
        pbkdf2(key.buf, salt.buf, (size_t)salt.len, rounds, packed.buf, out);
        Py_END_ALLOW_THREADS
    } else {
        PyErr_SetString(PyExc_ValueError, "sizes");
    }
    PyBuffer_Release(&key);
    PyBuffer_Release(&salt);
    PyBuffer_Release(&packed);
    return PyErr_Occurred() ? NULL : PyBytes_FromStringAndSize((char *)out, 32);
}

/* kupyna(message, columns, tables): the whole last state */
static PyObject *py_kupyna(PyObject *self, PyObject *args)
{
    Py_buffer message, tables;
    int columns;
    uint64_t h[16];
    if (!PyArg_ParseTuple(args, "y*iy*", &message, &columns, &tables)) return NULL;
    if ((columns == 8 || columns == 16) && tables.len == (Py_ssize_t)sizeof(KupynaTables)) {
        Py_BEGIN_ALLOW_THREADS
        kupyna(tables.buf, message.buf, (size_t)message.len, columns, h);
        Py_END_ALLOW_THREADS
    } else {
        PyErr_SetString(PyExc_ValueError, "sizes");
    }
    PyBuffer_Release(&message);
    PyBuffer_Release(&tables);
    return PyErr_Occurred() ? NULL : PyBytes_FromStringAndSize((char *)h, 8 * columns);
}

/* combine(m, exponents, a, numbers): X, Y and Z of s*P + r*Q, BYTES bytes each */
static PyObject *py_combine(PyObject *self, PyObject *args)
{
    Curve f;
    Point total;
    uint64_t numbers[7][WORDS];
    PyObject *exponents;
    Py_buffer data;
    memset(&f, 0, sizeof f);
    if (!PyArg_ParseTuple(args, "iO!iy*", &f.m, &PyTuple_Type, &exponents, &f.a, &data)) return NULL;
    f.count = (int)PyTuple_Size(exponents);
    f.n = f.m / 64 + 1;
    if (data.len == (Py_ssize_t)sizeof numbers && f.m > 128 && f.n <= WORDS && f.m % 64 && f.count <= 3) {
        for (int i = 0; i < f.count; i++) f.exponents[i] = (int)PyLong_AsLong(PyTuple_GetItem(exponents, i));
        for (int i = 0; i < f.count; i++)
            if (f.exponents[i] < 1 || f.exponents[i] > 63) PyErr_SetString(PyExc_ValueError, "exponents");
    } else {
        PyErr_SetString(PyExc_ValueError, "sizes");
    }
    if (!PyErr_Occurred()) {
        memcpy(numbers, data.buf, sizeof numbers);
        memcpy(f.b, numbers[0], BYTES);
        Py_BEGIN_ALLOW_THREADS
        combine(&f, numbers, &total);
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&data);
    return PyErr_Occurred() ? NULL : PyBytes_FromStringAndSize((char *)&total, sizeof total);
}

static PyMethodDef methods[] = {
    {"gost34311", py_gost34311, METH_VARARGS, "gost34311(message, sbox) -> digest"},
    {"pbkdf2", py_pbkdf2, METH_VARARGS, "pbkdf2(key, salt, rounds, sbox) -> 32 bytes"},
    {"kupyna", py_kupyna, METH_VARARGS, "kupyna(message, columns, tables) -> state"},
    {"combine", py_combine, METH_VARARGS, "combine(m, exponents, a, numbers) -> X, Y, Z"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_kep", "Accelerator of esoz.signature.", 0, methods};

PyMODINIT_FUNC PyInit__kep(void)
{
    const uint16_t one = 1;
    if (*(const uint8_t *)&one != 1) {
        PyErr_SetString(PyExc_ImportError, "only for little-endian machines");
        return NULL;
    }
    return PyModule_Create(&module);
}
