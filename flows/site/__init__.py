"""The site: static pages of what is published, in the home folder, with everything that they need.

A page is written again where its content changed, and no other. It works from the file system as
from any server, and asks no other host.
"""
