// What is asked of a page in the browser: an object of functions.
({
  // Text nodes that are seen, with their element.
  *texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.data.trim() && node.parentElement.checkVisibility({ visibilityProperty: true })) {
        yield [node, node.parentElement];
      }
    }
  },

  visibleText() {
    return document.title + "\n" + document.body.innerText;
  },

  // What stands out to the left or to the right, each with its text.
  outside(width) {
    const found = [];
    const scrolled = document.documentElement.scrollWidth;
    if (scrolled > width) found.push(`the page is ${scrolled} wide`);
    const range = document.createRange();
    for (const [node] of this.texts()) {
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.left < -1 || box.right > width + 1) {
          found.push(`${Math.round(box.left)}–${Math.round(box.right)}: ${node.data.slice(0, 40)}`);
          break;
        }
      }
    }
    return found;
  },

  // [red, green, blue, opacity] of a computed colour.
  channels(color) {
    const match = color.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/);
    if (!match) throw new Error(`a colour in a form that isn't known here: ${color}`);
    return [...match.slice(1, 4).map(Number), match[4] === undefined ? 1 : Number(match[4])];
  },

  over([r, g, b, opacity], below) {
    return [r, g, b].map((value, at) => value * opacity + below[at] * (1 - opacity));
  },

  backdrop(element) {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      layers.push(this.channels(getComputedStyle(at).backgroundColor));
    }
    // Paper, or a browser's own ground, where nothing is laid.
    return layers.reverse().reduce((below, layer) => this.over(layer, below), [255, 255, 255]);
  },

  // https://www.w3.org/TR/WCAG21/#dfn-relative-luminance
  luminance(color) {
    const [r, g, b] = color.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  },

  ratio(front, back) {
    const [light, dark] = [this.luminance(front), this.luminance(back)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  },

  // How many texts were looked at, and those that stand out too little from their ground.
  contrast() {
    let looked = 0;
    const found = new Set();
    const look = (element, pseudo, text) => {
      const style = getComputedStyle(element, pseudo);
      const own = this.channels(element instanceof SVGElement ? style.fill : style.color);
      for (let at = element; at; at = at.parentElement) own[3] *= getComputedStyle(at).opacity;
      const back = this.backdrop(element);
      const ratio = this.ratio(this.over(own, back), back);
      const size = parseFloat(style.fontSize);
      // https://www.w3.org/TR/WCAG21/#dfn-large-scale
      const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
      looked += 1;
      if (ratio < (isLarge ? 3 : 4.5)) found.add(`${ratio.toFixed(2)}: ${text.slice(0, 40)}`);
    };
    for (const [node, element] of this.texts()) look(element, null, node.data.trim());
    for (const element of document.body.querySelectorAll("*")) {
      for (const pseudo of ["::before", "::after"]) {
        const content = getComputedStyle(element, pseudo).content;
        if (content !== "none" && content !== "normal" && element.checkVisibility()) {
          look(element, pseudo, content);
        }
      }
    }
    return { looked, found: [...found] };
  },

  // Names of the elements and attributes that there are, and where links lead.
  names() {
    const elements = new Set(), attributes = new Set(), links = new Set(), loads = new Set();
    for (const element of document.querySelectorAll("*")) {
      elements.add(element.localName);
      for (const { name, value } of element.attributes) {
        attributes.add(name);
        if (name === "href" && element.localName === "a") links.add(value);
        else if (["href", "src", "srcset", "data", "xlink:href"].includes(name)) loads.add(value);
      }
    }
    return {
      elements: [...elements], attributes: [...attributes], links: [...links], loads: [...loads],
    };
  },

  // The texts of the sheets; of a report of a bench its one.
  articles() {
    return [...document.querySelectorAll("article, main")].map((one) => one.innerText);
  },

  // Where an element is, to cut a picture of it out.
  place(selector) {
    const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
    return { x: x + scrollX, y: y + scrollY, width, height };
  },

  // How wide texts are in a font, pixels.
  widths(font, texts) {
    const span = document.body.appendChild(document.createElement("span"));
    span.lang = "hi";
    span.style.font = font;
    const widths = texts.map((text) => {
      span.textContent = text;
      return span.getBoundingClientRect().width;
    });
    span.remove();
    return widths;
  },
})
