#!version:1.0.0.1
include:config "y000000000044.cfg"
overwrite_mode = 0
