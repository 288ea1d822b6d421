"""Rules of identity: values in, values out."""
