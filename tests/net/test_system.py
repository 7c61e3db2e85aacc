import sys
sys.path.insert(0,'tests/net')
