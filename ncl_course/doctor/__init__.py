"""``ncl-course doctor``: report which parts of the installation work and which are missing, with the fix.

`verb` prints; `examine` runs the probes in `packages`, `widgets`, `machine` and `walls`, and each probe returns a
`finding`; `running` queries a running JupyterLab; `apart` starts torch and a kernel in separate processes; `report`
renders.
"""
