"""Import all of the core, and print which modules are loaded then."""

import json
import pkgutil
import sys

import upline.plans

for module in pkgutil.walk_packages(upline.plans.__path__, "upline.plans."):
    __import__(module.name)
print(json.dumps(sorted(sys.modules)))
