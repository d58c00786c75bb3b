#!/bin/sh
# The workspace's init script: one task, described by the environment.
exec pj run "$@"
