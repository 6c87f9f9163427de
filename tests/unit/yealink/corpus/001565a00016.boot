#!version:1.0.0.1
include:config "$MAC.cfg"
include:config "{$mac}.cfg"
include:config "nowhere.cfg"
overwrite_mode = {$overwrite}
specific_model.excluded_mode = 0
