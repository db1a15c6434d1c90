// The order of Array's sort.
#include <algorithm>

#include "engine/evaluator/library_parts.h"
#include "engine/evaluator/machine.h"
#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

namespace {

// Which order a comparison that contradicts itself leaves is the engine's affair (ECMA-262
// §23.1.3.30.2). We ask as V8 does for what it sorts in one go: a first run, then each item put in
// by halves. Longer arrays are merged from such pieces.
class Sorter {
 public:
  Sorter(Machine& m, const Cell& by) : m_(m), by_(by) {}

  void Sort(std::vector<Cell>& items) {
    constexpr std::size_t kPiece = 63;
    for (std::size_t low = 0; low < items.size(); low += kPiece) {
      InsertAll(items, low, std::min(low + kPiece, items.size()));
    }
    std::vector<Cell> other(items.size());
    for (std::size_t width = kPiece; width < items.size(); width *= 2) {
      for (std::size_t low = 0; low < items.size(); low += 2 * width) {
        const std::size_t middle = std::min(low + width, items.size());
        const std::size_t high = std::min(low + 2 * width, items.size());
        std::size_t left = low, right = middle;
        for (std::size_t k = low; k < high; ++k) {
          const bool take_right =
              left >= middle || (right < high && Before(items[right], items[left]));
          other[k] = take_right ? items[right++] : items[left++];
        }
      }
      items.swap(other);
    }
  }

 private:
  bool Before(const Cell& a, const Cell& b) {
    m_.Charge(1);
    if (!by_.IsUndefined()) {
      const Cell arguments[] = {a, b};
      return m_.ToNumber(m_.Call(by_, {}, arguments)) < 0;
    }
    const std::string left = m_.ToString(a), right = m_.ToString(b);
    return Compare(left, right) < 0;
  }

  static std::vector<Cell>::iterator Place(std::vector<Cell>& items, std::size_t at) {
    return items.begin() + static_cast<std::ptrdiff_t>(at);
  }

  void InsertAll(std::vector<Cell>& items, std::size_t low, std::size_t high) {
    if (high - low < 2) return;
    const bool falling = Before(items[low + 1], items[low]);
    std::size_t start = low + 2;
    while (start < high && Before(items[start], items[start - 1]) == falling) ++start;
    if (falling) std::reverse(Place(items, low), Place(items, start));
    for (; start < high; ++start) {
      const Cell pivot = items[start];
      std::size_t left = low, right = start;
      while (left < right) {
        const std::size_t middle = left + (right - left) / 2;
        if (Before(pivot, items[middle])) {
          right = middle;
        } else {
          left = middle + 1;
        }
      }
      std::copy_backward(Place(items, left), Place(items, start), Place(items, start + 1));
      items[left] = pivot;
    }
  }

  Machine& m_;
  Cell by_;
};

}  // namespace

void SortItems(Machine& m, std::vector<Cell>& items, const Cell& by) { Sorter(m, by).Sort(items); }

}  // namespace aiguillage::engine::evaluator
