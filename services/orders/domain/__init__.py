"""The rules of an order: values in, values out."""
