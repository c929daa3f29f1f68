# An ordinary file that sorts after the override files, yet is read before them.
terraform { required_version = "< 2.0" }
