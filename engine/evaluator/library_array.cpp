// Array. Holes are undefined: a snapshot could not tell them apart.
#include <algorithm>
#include <cmath>

#include "engine/evaluator/library.h"
#include "engine/evaluator/machine.h"

namespace aiguillage::engine::evaluator {

namespace {

std::vector<Cell>& Items(Machine& m, const Cell& self) {
  if (!self.IsObject() || self.object->kind != ObjectKind::kArray) {
    m.Throw("TypeError", "an array method needs an array");
  }
  return self.object->items;
}

std::vector<Cell>& Changing(Machine& m, const Cell& self) {
  std::vector<Cell>& items = Items(m, self);
  if (self.object->readonly) m.Throw("TypeError", "it cannot be changed");
  m.Charge(items.size() / 64);
  ++m.heap().mutations;
  return items;
}

bool IsArray(const Cell& cell) {
  return cell.IsObject() && cell.object->kind == ObjectKind::kArray;
}

std::size_t Place(Machine& m, const Cell& cell, std::size_t size, double otherwise) {
  double at = cell.IsUndefined() ? otherwise : m.ToInteger(cell);
  if (at < 0) at += static_cast<double>(size);
  return static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(size)));
}

// Calls the function once per item while it returns true; the array may change meanwhile.
template <typename Visit>
void ForEachItem(Machine& m, const Cell& self, Arguments a, Visit visit) {
  const std::size_t size = Items(m, self).size();
  for (std::size_t i = 0; i < size && i < Items(m, self).size(); ++i) {
    const Cell item = Items(m, self)[i];
    const Cell arguments[] = {item, Cell::Number(static_cast<double>(i)), self};
    if (!visit(i, item, m.Call(At(a, 0), At(a, 1), arguments))) return;
  }
}

void CheckFunction(Machine& m, Arguments a) {
  if (std::string_view(TypeOf(At(a, 0))) != "function")
    m.Throw("TypeError", "it is not a function");
}

Cell Map(Machine& m, const Cell& self, Arguments a) {
  CheckFunction(m, a);
  std::vector<Cell> out;
  ForEachItem(m, self, a,
              [&](std::size_t, const Cell&, const Cell& r) { return out.push_back(r), true; });
  return m.MakeArray(std::move(out));
}

Cell Filter(Machine& m, const Cell& self, Arguments a) {
  CheckFunction(m, a);
  std::vector<Cell> out;
  ForEachItem(m, self, a, [&](std::size_t, const Cell& item, const Cell& r) {
    if (Truthy(r)) out.push_back(item);
    return true;
  });
  return m.MakeArray(std::move(out));
}

Cell ForEach(Machine& m, const Cell& self, Arguments a) {
  CheckFunction(m, a);
  ForEachItem(m, self, a, [](std::size_t, const Cell&, const Cell&) { return true; });
  return {};
}

Cell Some(Machine& m, const Cell& self, Arguments a) {
  CheckFunction(m, a);
  bool found = false;
  ForEachItem(m, self, a,
              [&](std::size_t, const Cell&, const Cell& r) { return !(found = Truthy(r)); });
  return Cell::Boolean(found);
}

Cell Every(Machine& m, const Cell& self, Arguments a) {
  CheckFunction(m, a);
  bool all = true;
  ForEachItem(m, self, a, [&](std::size_t, const Cell&, const Cell& r) { return all = Truthy(r); });
  return Cell::Boolean(all);
}

Cell Find(Machine& m, const Cell& self, Arguments a) {
  CheckFunction(m, a);
  Cell found;
  ForEachItem(m, self, a, [&](std::size_t, const Cell& item, const Cell& r) {
    if (Truthy(r)) found = item;
    return !Truthy(r);
  });
  return found;
}

Cell FindIndex(Machine& m, const Cell& self, Arguments a) {
  CheckFunction(m, a);
  double at = -1;
  ForEachItem(m, self, a, [&](std::size_t i, const Cell&, const Cell& r) {
    if (Truthy(r)) at = static_cast<double>(i);
    return !Truthy(r);
  });
  return Cell::Number(at);
}

Cell Reduced(Machine& m, const Cell& self, Arguments a, bool right) {
  CheckFunction(m, a);
  std::vector<Cell> items = Items(m, self);
  if (right) std::reverse(items.begin(), items.end());
  std::size_t i = 0;
  if (a.size() < 2 && items.empty()) m.Throw("TypeError", "reduce of an empty array needs a start");
  Cell value = a.size() > 1 ? a[1] : items[i++];
  for (; i < items.size(); ++i) {
    const std::size_t at = right ? items.size() - 1 - i : i;
    const Cell arguments[] = {value, items[i], Cell::Number(static_cast<double>(at)), self};
    value = m.Call(a[0], {}, arguments);
  }
  return value;
}
Cell Reduce(Machine& m, const Cell& self, Arguments a) { return Reduced(m, self, a, false); }
Cell ReduceRight(Machine& m, const Cell& self, Arguments a) { return Reduced(m, self, a, true); }

Cell ArrayConcat(Machine& m, const Cell& self, Arguments a) {
  std::vector<Cell> out = Items(m, self);
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

Cell ArraySlice(Machine& m, const Cell& self, Arguments a) {
  const auto& items = Items(m, self);
  const std::size_t from = Place(m, At(a, 0), items.size(), 0);
  const std::size_t to = Place(m, At(a, 1), items.size(), static_cast<double>(items.size()));
  if (from >= to) return m.MakeArray({});
  const auto held = [&](std::size_t at) {  // what `to` ran may have shortened the array
    return items.begin() + static_cast<std::ptrdiff_t>(std::min(at, items.size()));
  };
  std::vector<Cell> out(held(from), held(to));
  out.resize(to - from);
  return m.MakeArray(std::move(out));
}

Cell Splice(Machine& m, const Cell& self, Arguments a) {
  auto& items = Changing(m, self);
  const std::size_t place = Place(m, At(a, 0), items.size(), 0);
  const double wanted = a.size() == 1 ? HUGE_VAL : a.empty() ? 0 : m.ToInteger(a[1]);
  const std::size_t from = std::min(place, items.size());  // coming by them may have shortened it
  const auto left = static_cast<double>(items.size() - from);
  const auto start = items.begin() + static_cast<std::ptrdiff_t>(from);
  const auto end = start + static_cast<std::ptrdiff_t>(std::clamp(wanted, 0.0, left));
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
  const std::string by = At(a, 0).IsUndefined() ? "," : m.ToString(a[0]);
  std::string out;
  const std::vector<Cell> items = Items(m, self);
  for (std::size_t i = 0; i < items.size(); ++i) {
    m.Charge(1);
    if (i > 0) out += by;
    if (!items[i].IsNothing()) out += m.ToString(items[i]);
    if (out.size() > 1'000'000) throw OverBudget("it makes too long a string");
  }
  return m.MakeString(std::move(out));
}
Cell ArrayToString(Machine& m, const Cell& self, Arguments) { return Join(m, self, {}); }

Cell ArrayIndexOf(Machine& m, const Cell& self, Arguments a) {
  const auto& items = Items(m, self);
  for (std::size_t i = Place(m, At(a, 1), items.size(), 0); i < items.size(); ++i) {
    m.Charge(1);
    if (m.StrictlyEqual(items[i], At(a, 0))) return Cell::Number(static_cast<double>(i));
  }
  return Cell::Number(-1);
}

Cell ArrayLastIndexOf(Machine& m, const Cell& self, Arguments a) {
  const auto& items = Items(m, self);
  for (std::size_t i = items.size(); i-- > 0;) {
    m.Charge(1);
    if (m.StrictlyEqual(items[i], At(a, 0))) return Cell::Number(static_cast<double>(i));
  }
  return Cell::Number(-1);
}

Cell ArrayIncludes(Machine& m, const Cell& self, Arguments a) {
  const Cell what = At(a, 0);
  for (const Cell& item : Items(m, self)) {
    m.Charge(1);
    const bool both_nan =
        what.IsNumber() && item.IsNumber() && std::isnan(what.number) && std::isnan(item.number);
    if (both_nan || m.StrictlyEqual(item, what)) return Cell::Boolean(true);
  }
  return Cell::Boolean(false);
}

Cell ArrayAt(Machine& m, const Cell& self, Arguments a) {
  const auto& items = Items(m, self);
  double at = m.ToInteger(At(a, 0));
  if (at < 0) at += static_cast<double>(items.size());
  if (at < 0 || at >= static_cast<double>(items.size())) return {};
  return items[static_cast<std::size_t>(at)];
}

Cell Push(Machine& m, const Cell& self, Arguments a) {
  auto& items = Changing(m, self);
  m.heap().Grow(a.size() * sizeof(Cell));
  m.CheckMemory();
  items.insert(items.end(), a.begin(), a.end());
  return Cell::Number(static_cast<double>(items.size()));
}

Cell Pop(Machine& m, const Cell& self, Arguments) {
  auto& items = Changing(m, self);
  if (items.empty()) return {};
  const Cell last = items.back();
  items.pop_back();
  return last;
}

Cell Shift(Machine& m, const Cell& self, Arguments) {
  auto& items = Changing(m, self);
  if (items.empty()) return {};
  const Cell first = items.front();
  items.erase(items.begin());
  return first;
}

Cell Unshift(Machine& m, const Cell& self, Arguments a) {
  auto& items = Changing(m, self);
  m.heap().Grow(a.size() * sizeof(Cell));
  m.CheckMemory();
  items.insert(items.begin(), a.begin(), a.end());
  return Cell::Number(static_cast<double>(items.size()));
}

Cell Reverse(Machine& m, const Cell& self, Arguments) {
  auto& items = Changing(m, self);
  std::reverse(items.begin(), items.end());
  return self;
}

Cell Fill(Machine& m, const Cell& self, Arguments a) {
  auto& items = Changing(m, self);
  const std::size_t from = Place(m, At(a, 1), items.size(), 0);
  const std::size_t to = Place(m, At(a, 2), items.size(), static_cast<double>(items.size()));
  if (from < to && items.size() < to) items.resize(to);  // `to` may have shortened it
  for (std::size_t i = from; i < to; ++i) items[i] = At(a, 0);
  return self;
}

// A merge sort of our own: a comparison that lies must not harm us, as it would std::sort.
void MergeSort(Machine& m, std::vector<Cell>& items, const Cell& by) {
  const auto before = [&](const Cell& a, const Cell& b) {
    m.Charge(1);
    if (a.IsUndefined() || b.IsUndefined()) return !b.IsUndefined() ? false : !a.IsUndefined();
    if (!by.IsUndefined()) {
      const Cell arguments[] = {a, b};
      return m.ToNumber(m.Call(by, {}, arguments)) < 0;
    }
    const Cell text_a = m.MakeString(m.ToString(a)), text_b = m.MakeString(m.ToString(b));
    return text_a.text->text < text_b.text->text;
  };
  std::vector<Cell> other(items.size());
  for (std::size_t width = 1; width < items.size(); width *= 2) {
    for (std::size_t low = 0; low < items.size(); low += 2 * width) {
      const std::size_t middle = std::min(low + width, items.size());
      const std::size_t high = std::min(low + 2 * width, items.size());
      std::size_t left = low, right = middle;
      for (std::size_t k = low; k < high; ++k) {
        const bool take_right =
            left >= middle || (right < high && before(items[right], items[left]));
        other[k] = take_right ? items[right++] : items[left++];
      }
    }
    items.swap(other);
  }
}

Cell Sort(Machine& m, const Cell& self, Arguments a) {
  std::vector<Cell> sorted = Items(m, self);
  MergeSort(m, sorted, At(a, 0));
  Changing(m, self) = std::move(sorted);
  return self;
}

void Flatten(Machine& m, const std::vector<Cell>& from, double depth, std::vector<Cell>& into) {
  const Machine::Frame frame(m);
  for (const Cell& item : from) {
    m.Charge(1);
    if (IsArray(item) && depth >= 1) {
      Flatten(m, item.object->items, depth - 1, into);
    } else {
      into.push_back(item);
    }
  }
}

Cell Flat(Machine& m, const Cell& self, Arguments a) {
  std::vector<Cell> out;
  Flatten(m, Items(m, self), At(a, 0).IsUndefined() ? 1 : m.ToInteger(a[0]), out);
  return m.MakeArray(std::move(out));
}

Cell IsArrayFunction(Machine&, const Cell&, Arguments a) {
  return Cell::Boolean(IsArray(At(a, 0)));
}
Cell Of(Machine& m, const Cell&, Arguments a) { return m.MakeArray({a.begin(), a.end()}); }

Cell From(Machine& m, const Cell&, Arguments a) {
  std::vector<Cell> out;
  if (At(a, 0).IsString()) {
    const Cell empty[] = {m.MakeString("")};
    out = m.Call(StringMember("split"), a[0], empty).object->items;
  } else if (IsArray(At(a, 0))) {
    out = a[0].object->items;
  } else if (At(a, 0).IsObject()) {
    const double size = m.ToInteger(m.Get(a[0], "length"));
    for (double i = 0; i < size; ++i) {
      m.Charge(1);
      out.push_back(m.Get(a[0], std::to_string(static_cast<long>(i))));
    }
  }
  const Cell made = m.MakeArray(std::move(out));
  return a.size() > 1 ? Map(m, made, a.subspan(1)) : made;
}

Cell ArrayCall(Machine& m, const Cell&, Arguments a) {
  if (a.size() != 1 || !a[0].IsNumber()) return m.MakeArray({a.begin(), a.end()});
  const double size = a[0].number;
  if (!(size >= 0) || size > 4294967295.0 || size != std::trunc(size)) {
    m.Throw("RangeError", "invalid array length");
  }
  if (size > 262'144) throw OverBudget("it makes too long an array");
  return m.MakeArray(std::vector<Cell>(static_cast<std::size_t>(size)));
}

const std::unordered_map<std::string_view, Native>& ArrayMethods() {
  static const std::unordered_map<std::string_view, Native> methods = [] {
    std::unordered_map<std::string_view, Native> table;
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

Cell ArrayMember(std::string_view key) {
  const auto found = ArrayMethods().find(key);
  return found == ArrayMethods().end() ? Cell::Undefined() : Cell::Of(&found->second);
}

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
