"""Parsers: one capture format a module, behind one signature."""
