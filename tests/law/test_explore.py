import time
from hypothesis import given
from random_worlds import LAW, worlds, on_disk, check_refusal
from avert.errors import NoFeasiblePlan
from avert.programme import optimum_of
from hypothesis import settings
import collections
S=collections.Counter()
@settings(LAW, max_examples=200)
@given(worlds())
def test_x(w):
    t=time.time()
    with on_disk(w) as o:
        t1=time.time()
        c=o.county()
        t2=time.time()
        try:
            opt=optimum_of(c)
        except NoFeasiblePlan as e:
            S['inf']+=1; print("INF",e); S['bad']+='plan.yaml:' not in str(e)
            return
        t3=time.time()
        S['ok']+=1
        S['zero']+=abs(opt.objective)<1e-9
        S['n']+=len(opt.offers); S['disk']+=t1-t; S['county']+=t2-t1; S['opt']+=t3-t2
        if opt.gap>1e-6: print("GAP",opt.gap, opt.objective,opt.upper_bound); S['gap']+=1
        if opt.max_violation>1e-6: print("VIO",opt.max_violation); S['vio']+=1
def test_y(): print(S)
