// Array. Methods work on arrays alone, not on what is only like one; as ECMAScript wants, most of
// them pass over holes and go on with the array as a callback leaves it.
#include <cmath>

#include "engine/evaluator/library_parts.h"
#include "engine/evaluator/machine.h"

namespace aiguillage::engine::evaluator {

namespace {

Object& Held(Machine& m, const Cell& self) {
  if (self.IsNothing()) m.Throw("TypeError", "an array method needs an array");
  if (!IsArray(self)) m.Refuse("an array method on another value");
  return *self.object;
}

std::vector<Cell>& Changing(Machine& m, const Cell& self) {
  Object& array = Held(m, self);
  if (array.readonly) m.Throw("TypeError", "it cannot be changed");
  m.Charge(array.items.size() / 64);
  ++m.heap().mutations;
  return array.items;
}

std::size_t Place(Machine& m, const Cell& cell, std::size_t size, double otherwise) {
  double at = cell.IsUndefined() ? otherwise : m.ToInteger(cell);
  if (at < 0) at += static_cast<double>(size);
  return Clamped(at, size);
}

std::ptrdiff_t Offset(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }

Cell Index(std::size_t at) { return Cell::Number(static_cast<double>(at)); }

void CheckFunction(Machine& m, Arguments a) {
  if (!IsCallable(At(a, 0))) m.Throw("TypeError", "it is not a function");
}

// Calls the function once per item while the visit returns true.
template <typename Visit>
void ForEachItem(Machine& m, const Cell& self, Arguments a, bool holes, Visit visit) {
  const Object& array = Held(m, self);
  const std::size_t size = array.items.size();
  CheckFunction(m, a);
  m.Charge(size / 16);
  for (std::size_t i = 0; i < size; ++i) {
    if (!holes && !array.HasItem(i)) continue;
    const Cell item = array.Item(i);
    const Cell arguments[] = {item, Index(i), self};
    if (!visit(i, item, m.Call(a[0], At(a, 1), arguments))) return;
  }
}

Cell Map(Machine& m, const Cell& self, Arguments a) {
  std::vector<Cell> out(Held(m, self).items.size(), Cell::Hole());
  ForEachItem(m, self, a, false,
              [&](std::size_t i, const Cell&, const Cell& r) { return out[i] = r, true; });
  return m.MakeArray(std::move(out));
}

Cell Filter(Machine& m, const Cell& self, Arguments a) {
  std::vector<Cell> out;
  ForEachItem(m, self, a, false, [&](std::size_t, const Cell& item, const Cell& r) {
    if (Truthy(r)) out.push_back(item);
    return true;
  });
  return m.MakeArray(std::move(out));
}

Cell ForEach(Machine& m, const Cell& self, Arguments a) {
  ForEachItem(m, self, a, false, [](std::size_t, const Cell&, const Cell&) { return true; });
  return {};
}

Cell Some(Machine& m, const Cell& self, Arguments a) {
  bool found = false;
  ForEachItem(m, self, a, false,
              [&](std::size_t, const Cell&, const Cell& r) { return !(found = Truthy(r)); });
  return Cell::Boolean(found);
}

Cell Every(Machine& m, const Cell& self, Arguments a) {
  bool all = true;
  ForEachItem(m, self, a, false,
              [&](std::size_t, const Cell&, const Cell& r) { return all = Truthy(r); });
  return Cell::Boolean(all);
}

Cell Find(Machine& m, const Cell& self, Arguments a) {
  Cell found;
  ForEachItem(m, self, a, true, [&](std::size_t, const Cell& item, const Cell& r) {
    if (Truthy(r)) found = item;
    return !Truthy(r);
  });
  return found;
}

Cell FindIndex(Machine& m, const Cell& self, Arguments a) {
  double at = -1;
  ForEachItem(m, self, a, true, [&](std::size_t i, const Cell&, const Cell& r) {
    if (Truthy(r)) at = static_cast<double>(i);
    return !Truthy(r);
  });
  return Cell::Number(at);
}

Cell Reduced(Machine& m, const Cell& self, Arguments a, bool right) {
  const Object& array = Held(m, self);
  const std::size_t size = array.items.size();
  CheckFunction(m, a);
  m.Charge(size / 16);
  bool started = a.size() > 1;
  Cell value = At(a, 1);
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t at = right ? size - 1 - i : i;
    if (!array.HasItem(at)) continue;
    const Cell arguments[] = {value, array.Item(at), Index(at), self};
    value = started ? m.Call(a[0], {}, arguments) : array.Item(at);
    started = true;
  }
  if (!started) m.Throw("TypeError", "reduce of an empty array needs a start");
  return value;
}
Cell Reduce(Machine& m, const Cell& self, Arguments a) { return Reduced(m, self, a, false); }
Cell ReduceRight(Machine& m, const Cell& self, Arguments a) { return Reduced(m, self, a, true); }

Cell ArrayConcat(Machine& m, const Cell& self, Arguments a) {
  std::vector<Cell> out = Held(m, self).items;
  for (const Cell& part : a) {
    if (IsArray(part)) {
      m.Charge(part.object->items.size() / 16);
      out.insert(out.end(), part.object->items.begin(), part.object->items.end());
    } else {
      out.push_back(part);
    }
  }
  m.Charge(out.size() / 16);
  return m.MakeArray(std::move(out));
}

// Coming by the bounds may have shortened the array: what is missing is a hole.
Cell ArraySlice(Machine& m, const Cell& self, Arguments a) {
  const auto& items = Held(m, self).items;
  const std::size_t size = items.size();
  const std::size_t from = Place(m, At(a, 0), size, 0);
  const std::size_t to = Place(m, At(a, 1), size, static_cast<double>(size));
  if (from >= to) return m.MakeArray({});
  const auto held = [&](std::size_t at) {
    return items.begin() + Offset(std::min(at, items.size()));
  };
  std::vector<Cell> out(held(from), held(to));
  out.resize(to - from, Cell::Hole());
  return m.MakeArray(std::move(out));
}

Cell Splice(Machine& m, const Cell& self, Arguments a) {
  auto& items = Changing(m, self);
  const std::size_t size = items.size(), place = Place(m, At(a, 0), size, 0);
  const double wanted = a.size() == 1 ? HUGE_VAL : a.empty() ? 0 : m.ToInteger(a[1]);
  items.resize(size, Cell::Hole());  // coming by them may have changed it
  const auto start = items.begin() + Offset(place);
  const auto end = start + Offset(Clamped(wanted, size - place));
  std::vector<Cell> removed(start, end);
  const auto at = items.erase(start, end);
  if (a.size() > 2) {
    m.heap().Grow((a.size() - 2) * sizeof(Cell));
    items.insert(at, a.begin() + 2, a.end());
  }
  return m.MakeArray(std::move(removed));
}

Cell Join(Machine& m, const Cell& self, Arguments a) {
  const Machine::Frame frame(m);
  const Object& array = Held(m, self);
  const std::size_t size = array.items.size();
  const std::string by = At(a, 0).IsUndefined() ? "," : m.ToString(a[0]);
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    m.Charge(1);
    if (i > 0) out += by;
    if (!array.Item(i).IsNothing()) out += m.ToString(array.Item(i));
    if (out.size() > 1'000'000) throw OverBudget("it makes too long a string");
  }
  return m.MakeString(std::move(out));
}
Cell ArrayToString(Machine& m, const Cell& self, Arguments) { return Join(m, self, {}); }

Cell ArrayIndexOf(Machine& m, const Cell& self, Arguments a) {
  const Object& array = Held(m, self);
  const std::size_t size = array.items.size();
  for (std::size_t i = size > 0 ? Place(m, At(a, 1), size, 0) : size; i < size; ++i) {
    m.Charge(1);
    if (array.HasItem(i) && m.StrictlyEqual(array.Item(i), At(a, 0))) return Index(i);
  }
  return Cell::Number(-1);
}

Cell ArrayLastIndexOf(Machine& m, const Cell& self, Arguments a) {
  const Object& array = Held(m, self);
  const auto size = static_cast<double>(array.items.size());
  if (size == 0) return Cell::Number(-1);
  double from = a.size() > 1 ? m.ToInteger(a[1]) : size - 1;
  if (from < 0) from += size;
  for (double i = std::min(from, size - 1); i >= 0; --i) {
    m.Charge(1);
    const auto at = static_cast<std::size_t>(i);
    if (array.HasItem(at) && m.StrictlyEqual(array.Item(at), At(a, 0))) return Cell::Number(i);
  }
  return Cell::Number(-1);
}

Cell ArrayIncludes(Machine& m, const Cell& self, Arguments a) {
  const Object& array = Held(m, self);
  const std::size_t size = array.items.size();
  const Cell what = At(a, 0);
  for (std::size_t i = size > 0 ? Place(m, At(a, 1), size, 0) : size; i < size; ++i) {
    m.Charge(1);
    const Cell item = array.Item(i);
    const bool both_nan =
        what.IsNumber() && item.IsNumber() && std::isnan(what.number) && std::isnan(item.number);
    if (both_nan || m.StrictlyEqual(item, what)) return Cell::Boolean(true);
  }
  return Cell::Boolean(false);
}

Cell ArrayAt(Machine& m, const Cell& self, Arguments a) {
  const Object& array = Held(m, self);
  const auto size = static_cast<double>(array.items.size());
  double at = m.ToInteger(At(a, 0));
  if (at < 0) at += size;
  return at < 0 || at >= size ? Cell() : array.Item(static_cast<std::size_t>(at));
}

Cell Push(Machine& m, const Cell& self, Arguments a) {
  auto& items = Changing(m, self);
  m.heap().Grow(a.size() * sizeof(Cell));
  m.CheckMemory();
  items.insert(items.end(), a.begin(), a.end());
  return Index(items.size());
}

Cell Pop(Machine& m, const Cell& self, Arguments) {
  auto& items = Changing(m, self);
  if (items.empty()) return {};
  const Cell last = self.object->Item(items.size() - 1);
  items.pop_back();
  return last;
}

Cell Shift(Machine& m, const Cell& self, Arguments) {
  auto& items = Changing(m, self);
  if (items.empty()) return {};
  const Cell first = self.object->Item(0);
  items.erase(items.begin());
  return first;
}

Cell Unshift(Machine& m, const Cell& self, Arguments a) {
  auto& items = Changing(m, self);
  m.heap().Grow(a.size() * sizeof(Cell));
  m.CheckMemory();
  items.insert(items.begin(), a.begin(), a.end());
  return Index(items.size());
}

Cell Reverse(Machine& m, const Cell& self, Arguments) {
  auto& items = Changing(m, self);
  std::reverse(items.begin(), items.end());
  return self;
}

// Where coming by the bounds has shortened the array, ECMA-262 would fill it up again; V8 does not.
Cell Fill(Machine& m, const Cell& self, Arguments a) {
  auto& items = Changing(m, self);
  const std::size_t size = items.size(), from = Place(m, At(a, 1), size, 0);
  const std::size_t to =
      std::min(Place(m, At(a, 2), size, static_cast<double>(size)), items.size());
  if (from >= to) return self;
  m.Charge((to - from) / 16);
  std::fill(items.begin() + Offset(from), items.begin() + Offset(to), At(a, 0));
  return self;
}

// Undefined comes last, holes after it.
Cell Sort(Machine& m, const Cell& self, Arguments a) {
  if (!At(a, 0).IsUndefined()) CheckFunction(m, a);
  const auto& before = Held(m, self).items;
  const std::size_t size = before.size();
  std::vector<Cell> sorted;
  std::copy_if(before.begin(), before.end(), std::back_inserter(sorted),
               [](const Cell& item) { return !item.IsUndefined(); });
  const auto items = static_cast<std::size_t>(
      std::count_if(before.begin(), before.end(), [](const Cell& item) { return !item.IsHole(); }));
  m.Charge(size / 16);
  SortItems(m, sorted, At(a, 0));
  auto& after = Changing(m, self);
  sorted.resize(items, Cell::Undefined());
  sorted.resize(std::max(items, std::min(size, after.size())), Cell::Hole());
  if (after.size() < sorted.size()) after.resize(sorted.size());
  std::copy(sorted.begin(), sorted.end(), after.begin());
  return self;
}

void Flatten(Machine& m, const Object& from, double depth, std::vector<Cell>& into) {
  const Machine::Frame frame(m);
  for (std::size_t i = 0; i < from.items.size(); ++i) {
    m.Charge(1);
    if (!from.HasItem(i)) continue;
    if (IsArray(from.items[i]) && depth >= 1) {
      Flatten(m, *from.items[i].object, depth - 1, into);
    } else {
      into.push_back(from.items[i]);
    }
  }
}

Cell Flat(Machine& m, const Cell& self, Arguments a) {
  std::vector<Cell> out;
  const Object& array = Held(m, self);
  Flatten(m, array, At(a, 0).IsUndefined() ? 1 : m.ToInteger(a[0]), out);
  return m.MakeArray(std::move(out));
}

Cell IsArrayFunction(Machine&, const Cell&, Arguments a) {
  return Cell::Boolean(IsArray(At(a, 0)));
}
Cell Of(Machine& m, const Cell&, Arguments a) { return m.MakeArray({a.begin(), a.end()}); }

Cell From(Machine& m, const Cell&, Arguments a) {
  const Cell from = At(a, 0);
  const bool maps = !At(a, 1).IsUndefined();
  if (maps) CheckFunction(m, a.subspan(1));
  if (from.IsNothing()) m.Throw("TypeError", "Array.from needs something to go through");
  std::vector<Cell> given, out;
  if (!IsArray(from)) given = from.IsString() ? m.Iterate(from) : m.ArrayLike(from);
  const std::vector<Cell>& items = IsArray(from) ? from.object->items : given;
  for (std::size_t i = 0; i < items.size(); ++i) {  // it may grow meanwhile
    m.Charge(1);
    const Cell item = items[i].IsUndefined() ? Cell::Undefined() : items[i];
    const Cell arguments[] = {item, Index(i)};
    out.push_back(maps ? m.Call(a[1], At(a, 2), arguments) : item);
  }
  return m.MakeArray(std::move(out));
}

Cell ArrayCall(Machine& m, const Cell&, Arguments a) {
  if (a.size() != 1 || !a[0].IsNumber()) return m.MakeArray({a.begin(), a.end()});
  const double size = a[0].number;
  if (!(size >= 0) || size > 4294967295.0 || size != std::trunc(size)) {
    m.Throw("RangeError", "invalid array length");
  }
  const Cell made = m.MakeArray({});
  m.ChangeLength(*made.object, static_cast<std::size_t>(size));
  return made;
}

const Methods& ArrayMethods() {
  static const Methods methods = [] {
    Methods table;
    const auto add = [&](const char* name, Native::Function call) {
      table.emplace(name, Native{.name = name, .call = call});
    };
    add("map", Map), add("filter", Filter), add("forEach", ForEach), add("some", Some);
    add("every", Every), add("find", Find), add("findIndex", FindIndex), add("reduce", Reduce);
    add("reduceRight", ReduceRight), add("concat", ArrayConcat), add("slice", ArraySlice);
    add("splice", Splice), add("join", Join), add("toString", ArrayToString);
    add("indexOf", ArrayIndexOf), add("lastIndexOf", ArrayLastIndexOf),
        add("includes", ArrayIncludes);
    add("at", ArrayAt), add("push", Push), add("pop", Pop), add("shift", Shift);
    add("unshift", Unshift), add("reverse", Reverse), add("fill", Fill), add("sort", Sort);
    add("flat", Flat);
    return table;
  }();
  return methods;
}

}  // namespace

Cell ArrayMember(std::string_view key) { return MethodOf(ArrayMethods(), key); }

const Native& ArrayNative() {
  static const Native is_array{.name = "isArray", .call = IsArrayFunction};
  static const Native of{.name = "of", .call = Of};
  static const Native from{.name = "from", .call = From};
  static const Native array{
      .name = "Array",
      .call = ArrayCall,
      .construct = ArrayCall,
      .members = {
          {"isArray", Cell::Of(&is_array)}, {"of", Cell::Of(&of)}, {"from", Cell::Of(&from)}}};
  return array;
}

}  // namespace aiguillage::engine::evaluator
